import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ListenEvent } from '../../src/listen/listen.ts'
import type { Now } from '../../src/questions/now.ts'
import type { OverTime } from '../../src/questions/over-time.ts'
import { momentsBefore, momentsOf, type Range } from '../../web/src/view/range.ts'
import { bucketStarts, clockAt, knownListens, type Unit, ZONES } from '../support/known-listens.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { type RolledUp, startRolledUp } from '../support/rolled-up.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const MINUTE = 60
const DAY = 86_400
const EVENTS = knownListens(900, 8)
/** Minutes before now at which something was played. */
const AGO = [1, 2, 4, 7, 20, 50, 75, 200, 400, 800, 1_300, 2_000]

/** Days around a change of the clock in a zone, the last one included. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-28', '2026-03-30'],
  ['Europe/Berlin', '2026-10-24', '2026-10-26'],
  ['America/New_York', '2026-03-07', '2026-03-09'],
  ['America/New_York', '2026-10-31', '2026-11-02'],
  ['Australia/Lord_Howe', '2026-04-04', '2026-04-06'],
  ['Australia/Lord_Howe', '2026-10-03', '2026-10-05'],
  ['America/Santiago', '2026-09-05', '2026-09-07'],
  ['Asia/Kolkata', '2026-10-24', '2026-10-26'],
  ['Africa/Cairo', '2026-04-23', '2026-04-25'],
  ['Asia/Beirut', '2026-03-28', '2026-03-30'],
] as const

const heard = (events: readonly ListenEvent[]) => ({
  listens: events.length,
  seconds_listened: events.reduce((sum, each) => sum + each.listen_position, 0),
})
const bucketsOf = (events: readonly ListenEvent[], starts: readonly number[]) =>
  starts.map((start, at) => {
    const end = starts[at + 1] ?? Number.POSITIVE_INFINITY
    const within = events.filter(({ timestamp }) => timestamp >= start && timestamp < end)
    return {
      start,
      ...heard(within),
      completed: within.filter(({ completed }) => completed).length,
      skipped: within.filter(({ is_skipped }) => is_skipped).length,
    }
  })

describe('questions over time', () => {
  let workspace: Workspace
  let rolledUp: RolledUp
  let playhead: RunningPlayhead
  let recent: ListenEvent[]
  before(async () => {
    workspace = await openWorkspace()
    const now = Math.floor(Date.now() / 1000)
    recent = knownListens(AGO.length, 9).map((listen, at) => ({
      ...listen,
      platform: 'Now',
      timestamp: now - (AGO[at] ?? 0) * MINUTE,
    }))
    rolledUp = await startRolledUp(workspace, 'over-time', [...EVENTS, ...recent])
    playhead = rolledUp.playhead
  })
  after(async () => {
    await rolledUp.close()
    await workspace.close()
  })

  async function ask<Answer>(question: string, params: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${playhead.url}/api/stats/${question}?${new URLSearchParams(params)}`)
    const body = await response.json()
    assert.equal(response.status, 200, JSON.stringify(body))
    return body as Answer
  }
  const iso = (moment: number) => new Date(moment).toISOString()
  const moments = (range: Range, zone: string) => {
    const { from = 0, to = 0 } = momentsOf(range, zone, Date.now())
    return { from, to }
  }
  const inRange = ({ from, to }: { from: number; to: number }) =>
    EVENTS.filter(({ timestamp }) => timestamp * 1000 >= from && timestamp * 1000 < to)

  for (const [zone, first, last] of CHANGES)
    for (const unit of ['hour', 'day', 'month'] as const)
      it(`counts each ${unit} of ${zone} from ${first} to ${last}, the empty ones too`, async () => {
        const range = moments({ from: first, to: last }, zone)
        const answer = await ask<OverTime>('over-time', {
          zone,
          unit,
          from: iso(range.from),
          to: iso(range.to),
        })
        // Where the clock is changed by half an hour, hours are told from the first one on.
        const starts =
          unit === 'hour' && zone === 'Australia/Lord_Howe'
            ? Array.from(
                { length: Math.ceil((range.to - range.from) / 3_600_000) },
                (_, hour) => range.from / 1000 + hour * 3_600,
              )
            : bucketStarts(range.from / 1000, range.to / 1000, unit, zone)
        assert.deepEqual(
          answer.buckets.map(({ end: _end, ...bucket }) => bucket),
          bucketsOf(inRange(range), starts),
        )
        const ends = answer.buckets.map(({ end }) => end)
        assert.deepEqual(ends.slice(0, -1), starts.slice(1))
        if (unit === 'day') assert.equal(starts.length, 3)
        if (unit === 'day') assert.equal(ends.at(-1), range.to / 1000)
      })

  for (const [zone, first, last] of CHANGES)
    it(`takes three days of ${zone} from ${first} by the hour, however many hours they have`, async () => {
      const range = moments({ from: first, to: last }, zone)
      const { unit } = await ask<OverTime>('over-time', { zone, from: iso(range.from), to: iso(range.to) })
      assert.equal(unit, 'hour')
    })

  it('counts each day and month of all time in every zone, told apart by a field', async () => {
    const times = EVENTS.map(({ timestamp }) => timestamp)
    const [from, to] = [Math.min(...times), Math.max(...times) + 0.001]
    for (const zone of ZONES)
      for (const unit of ['day', 'month'] as Unit[])
        for (const by of ['platform', 'genre', 'mood'] as const) {
          const answer = await ask<OverTime>('over-time', { zone, unit, by, to: iso(to * 1000) })
          const starts = bucketStarts(from, to, unit, zone)
          assert.deepEqual(
            answer.buckets.map(({ end: _end, ...bucket }) => bucket),
            bucketsOf(EVENTS, starts),
            `${zone} ${unit}`,
          )
          const groups = [...Map.groupBy(EVENTS, (listen) => listen[by])].toSorted(
            ([, a], [, b]) => b.length - a.length,
          )
          assert.deepEqual(
            answer.series.map(({ value, buckets }) => [value, buckets]),
            groups.map(([value, events]) => [
              value,
              bucketsOf(events, starts).map(({ listens, seconds_listened }) => ({
                listens,
                seconds_listened,
              })),
            ]),
            `${zone} ${unit} ${by}`,
          )
        }
  })

  for (const [zone, first, last] of CHANGES)
    it(`compares ${first} to ${last} in ${zone} with as many whole days before`, async () => {
      const range = { from: first, to: last }
      const earlier = momentsBefore(range, zone, Date.now())
      assert.ok(earlier)
      const answer = await ask<OverTime>('over-time', {
        zone,
        unit: 'day',
        from: iso(earlier.from),
        to: iso(earlier.to),
      })
      const days = [-3, -2, -1].map((back) => iso(Date.parse(first) + back * DAY * 1000).slice(0, 10))
      assert.deepEqual(
        answer.buckets.map(({ start, listens }) => [clockAt(start, zone).date, listens]),
        days.map((day) => [
          day,
          EVENTS.filter(({ timestamp }) => clockAt(timestamp, zone).date === day).length,
        ]),
      )
      assert.ok(answer.buckets.every(({ start }) => clockAt(start - 1, zone).hour === 23))
    })

  it('returns current plays, and plays since the start of the day in each zone', async () => {
    const expected = (zone: string) => {
      const now = Date.now() / 1000
      const within = (minutes: number) => recent.filter(({ timestamp }) => timestamp > now - minutes * MINUTE)
      const today = recent.filter(
        ({ timestamp }) => clockAt(timestamp, zone).date === clockAt(now, zone).date,
      )
      return {
        listeners: new Set(within(5).map(({ user_id }) => user_id)).size,
        listens_last_hour: within(60).length,
        skipped_last_hour: within(60).filter(({ is_skipped }) => is_skipped).length,
        seconds_today: heard(today).seconds_listened,
      }
    }
    // Repeated if a minute or a day ended in between.
    for (const zone of ZONES)
      await until(`the moment in ${zone}`, async () => {
        const before = expected(zone)
        const { events_per_minute, ...moment } = await ask<Now>('now', { zone, platform: 'Now' })
        const after = expected(zone)
        if (JSON.stringify(before) !== JSON.stringify(after)) return false
        assert.deepEqual(moment, after, zone)
        assert.ok(events_per_minute <= recent.length)
        return true
      })
  })
})
