import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EXTRA_FIELDS } from '../../src/listen/fields.ts'
import type { ListenEvent } from '../../src/listen/listen.ts'
import type { DropOff } from '../../src/questions/drop-off.ts'
import type { Hours } from '../../src/questions/hours.ts'
import type { MoodGenre } from '../../src/questions/mood-genre.ts'
import type { Ratings } from '../../src/questions/ratings.ts'
import type { Top, TopQuery } from '../../src/questions/top.ts'
import { event } from '../support/event.ts'
import { extrasOf } from '../support/extras.ts'
import { clockAt, knownListens, percentOf, ZONES } from '../support/known-listens.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { type RolledUp, startRolledUp } from '../support/rolled-up.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const EVENTS = knownListens(900, 7)
const seconds = (text: string) => Date.parse(text) / 1000

/** Each filter beside the same rule written by hand. Every question must follow all of them. */
const FILTERS: Record<string, (listen: ListenEvent) => boolean> = {
  '': () => true,
  'genre=Jazz&genre=Pop': ({ genre }) => genre === 'Jazz' || genre === 'Pop',
  'platform=Tidal&country=France': ({ platform, location }) =>
    platform === 'Tidal' && location.country === 'France',
  'city=S%C3%A3o%20Paulo&mood=Sad': ({ location, mood }) => location.city === 'São Paulo' && mood === 'Sad',
  'user=user-3&user=Listener%204': ({ user_id }) => user_id === 'user-3' || user_id === 'user-4',
  "artist=Artist%200&title=Song%200%20';%20DROP%20TABLE%20listens%20--": ({ title }) =>
    title.startsWith('Song 0'),
  'rating=none&rating=4.5&skipped=false': ({ rating, is_skipped }) =>
    (rating === null || rating === 4.5) && is_skipped === false,
  'completed=true': ({ completed }) => completed === true,
  'percent_from=20&percent_to=45.5': (listen) => percentOf(listen) >= 20 && percentOf(listen) < 45.5,
  'percent_from=100': (listen) => percentOf(listen) === 100,
  'percent_to=0': () => false,
  'from=2026-10-24T22:00:00Z&to=2026-10-25T23:00:00Z': ({ timestamp }) =>
    timestamp >= seconds('2026-10-24T22:00:00Z') && timestamp < seconds('2026-10-25T23:00:00Z'),
  'from=2026-03-29T00:30:00Z&genre=Rock': ({ timestamp, genre }) =>
    timestamp >= seconds('2026-03-29T00:30:00Z') && genre === 'Rock',
  ...Object.fromEntries(
    Object.keys(extrasOf(event())).map((name) => [
      `${name}=${name}%201&${name}=none%20has%20it`,
      (listen: ListenEvent) => extrasOf(listen)[name] === `${name} 1`,
    ]),
  ),
  'hour=2&hour=3': ({ timestamp }) => [2, 3].includes(clockAt(timestamp, 'UTC').hour),
  ...Object.fromEntries(
    ZONES.map((zone) => [
      `weekday=7&weekday=1&hour=1&hour=2&hour=23&zone=${encodeURIComponent(zone)}`,
      ({ timestamp }: ListenEvent) => {
        const { weekday, hour } = clockAt(timestamp, zone)
        return [7, 1].includes(weekday) && [1, 2, 23].includes(hour)
      },
    ]),
  ),
}

const played = (events: readonly ListenEvent[]) => events.reduce((sum, each) => sum + each.listen_position, 0)
const heard = (events: readonly ListenEvent[]) => ({
  listens: events.length,
  seconds_listened: played(events),
})
const ended = (events: readonly ListenEvent[]) => ({
  completed: events.filter(({ completed }) => completed).length,
  skipped: events.filter(({ is_skipped }) => is_skipped).length,
})
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

describe('the questions answer about the listens that were sent', () => {
  let workspace: Workspace
  let rolledUp: RolledUp
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    rolledUp = await startRolledUp(workspace, 'questions', EVENTS)
    playhead = rolledUp.playhead
  })
  after(async () => {
    await rolledUp.close()
    await workspace.close()
  })

  async function ask<Answer>(question: string, ...queries: string[]): Promise<Answer> {
    const query = queries.filter((part) => part !== '').join('&')
    const response = await fetch(`${playhead.url}/api/stats/${question}?${query}`)
    const body = await response.json()
    assert.equal(response.status, 200, `${question}?${query}: ${JSON.stringify(body)}`)
    return body as Answer
  }

  it('by filters that each let some through, except one', () => {
    for (const [query, passes] of Object.entries(FILTERS)) {
      const count = EVENTS.filter(passes).length
      assert.equal(count > 0, query !== 'percent_to=0', query)
    }
  })

  for (const [query, passes] of Object.entries(FILTERS)) {
    const expected = EVENTS.filter(passes)
    const name = query === '' ? 'no filter' : query

    it(`the listens themselves, and their totals, with ${name}`, async () => {
      const { listens } = await playhead.listens(`${query}&limit=1000`)
      const place = ({ timestamp, user_id, title }: ListenEvent) => `${timestamp} ${user_id} ${title}`
      assert.deepEqual(listens.map(place).toSorted(), expected.map(place).toSorted())
      assert.deepEqual(await playhead.totals(query), {
        ...heard(expected),
        ...ended(expected),
        listeners: new Set(expected.map(({ user_id }) => user_id)).size,
      })
    })

    it(`the tops, by plays and by time, with ${name}`, async () => {
      const by: [TopQuery['by'], (listen: ListenEvent) => string, (listen: ListenEvent) => string][] = [
        ['song', ({ title }) => title, ({ artist }) => artist],
        ['title', ({ title }) => title, () => ''],
        ['artist', ({ artist }) => artist, () => ''],
        ['genre', ({ genre }) => genre, () => ''],
        ['platform', ({ platform }) => platform, () => ''],
        ['country', ({ location }) => location.country, () => ''],
        ['city', ({ location }) => location.city, () => ''],
        ['mood', ({ mood }) => mood, () => ''],
        ['user', ({ user_id }) => user_id, ({ name }) => name],
        ...EXTRA_FIELDS.map(({ path }): (typeof by)[number] => [
          path,
          (listen) => String(extrasOf(listen)[path]),
          () => '',
        ]),
      ]
      for (const [field, value, label] of by) {
        const known = expected.filter((listen) => value(listen) !== '')
        const all = [...Map.groupBy(known, (listen) => `${value(listen)}\n${label(listen)}`)].map(
          ([key, events]) => {
            const [one = '', other = ''] = key.split('\n')
            return { value: one, label: other, ...heard(events), ...ended(events) }
          },
        )
        for (const order of ['plays', 'time'] as const) {
          const amount = order === 'plays' ? 'listens' : 'seconds_listened'
          const sorted = all.toSorted(
            (a, b) => b[amount] - a[amount] || compare(a.value, b.value) || compare(a.label, b.label),
          )
          const { values } = await ask<Top>('top', query, `by=${field}&order_by=${order}&limit=7`)
          const told = values.map(({ code: _code, ...value }) => value)
          assert.deepEqual(told, sorted.slice(0, 7), `${field} by ${order}`)
        }
      }
      const found = await ask<Top>('top', query, 'by=song&search=ARTIST%203')
      const third = expected.filter(({ artist }) => artist === 'Artist 3')
      assert.deepEqual(
        found.values.map((each) => each.value).toSorted(),
        [...new Set(third.map(({ title }) => title))].toSorted(),
      )
    })

    it(`where people leave, moods by genre, and ratings, with ${name}`, async () => {
      const { listens, shares } = await ask<DropOff>('drop-off', query)
      assert.equal(listens, expected.length)
      assert.equal(shares.length, 101)
      for (const [percent, share] of shares.entries()) {
        const still = expected.filter((listen) => percentOf(listen) >= percent).length
        assert.equal(share, listens === 0 ? 0 : still / listens, `${percent} %`)
      }
      const { cells } = await ask<MoodGenre>('mood-genre', query)
      const moods = [...Map.groupBy(expected, ({ mood, genre }) => `${mood}\n${genre}`)].map(
        ([key, events]) => {
          const [mood = '', genre = ''] = key.split('\n')
          return { mood, genre, ...heard(events) }
        },
      )
      assert.deepEqual(
        cells,
        moods.toSorted(
          (a, b) => b.listens - a.listens || compare(a.mood, b.mood) || compare(a.genre, b.genre),
        ),
      )
      const { ratings } = await ask<Ratings>('ratings', query)
      const stars = new Map(ratings.map(({ rating, listens: count }) => [rating, count]))
      assert.equal(stars.size, ratings.length)
      for (const rating of new Set([...stars.keys(), ...expected.map((listen) => listen.rating ?? null)]))
        assert.equal(
          stars.get(rating),
          expected.filter((listen) => (listen.rating ?? null) === rating).length,
          `${rating} stars`,
        )
    })

    it(`each hour of the week in every zone, with ${name}`, async () => {
      const [asked] = /zone=[^&]+/.exec(query) ?? []
      for (const zone of asked === undefined ? ZONES : [decodeURIComponent(asked.slice(5))]) {
        const zoned = asked === undefined ? `zone=${encodeURIComponent(zone)}` : ''
        // Hours are in the requested zone.
        const inZone = query.startsWith('hour=')
          ? EVENTS.filter(({ timestamp }) => [2, 3].includes(clockAt(timestamp, zone).hour))
          : expected
        const byHour = Map.groupBy(inZone, ({ timestamp }) => {
          const { weekday, hour } = clockAt(timestamp, zone)
          return `${weekday} ${hour}`
        })
        const { cells } = await ask<Hours>('hours', query, zoned)
        assert.equal(cells.length, 168)
        for (const { weekday, hour, ...amounts } of cells)
          assert.deepEqual(
            amounts,
            heard(byHour.get(`${weekday} ${hour}`) ?? []),
            `${zone} ${weekday} ${hour}`,
          )
      }
    })
  }
})
