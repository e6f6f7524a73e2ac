import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, listensOf, MONDAY, shareOf } from '../../test/support/crowd.ts'
import { PROFILES } from './profile.ts'
import { readSlice } from './slice.ts'
import { readSpike, withSpike } from './spike.ts'
import { createTempo, type Rate } from './tempo.ts'

const steady =
  (perSecond: number): Rate =>
  () => ({ perSecond, until: Number.POSITIVE_INFINITY })
const MINUTE = 60_000

/** Number of events in each minute. */
function minutes(rate: Rate, count: number): number[] {
  const tempo = createTempo(0, rate)
  const found = new Array<number>(count).fill(0)
  for (;;) {
    const minute = Math.floor(tempo.take() / MINUTE)
    if (minute >= count) return found
    found[minute] = (found[minute] ?? 0) + 1
  }
}

describe('a tempo', () => {
  it('gives even distances, whatever the rate', () => {
    for (const perSecond of [0.5, 3, 1_000, 1_000_000]) {
      const tempo = createTempo(MONDAY, steady(perSecond))
      for (let index = 0; index < 10_000; index++)
        assert.ok(Math.abs(tempo.take() - MONDAY - (index * 1000) / perSecond) < 0.001)
    }
  })

  it('loses and gains nothing where the rate changes', () => {
    const changing: Rate = (at) => ({ perSecond: at < 10_500 ? 1 : 2, until: at < 10_500 ? 10_500 : 1e9 })
    const tempo = createTempo(0, changing)
    const moments = Array.from({ length: 14 }, () => tempo.take())
    assert.deepEqual(moments.slice(9), [9_000, 10_000, 10_750, 11_250, 11_750])
  })

  it('skips the requested share, and reports how much', () => {
    const tempo = createTempo(0, steady(1_000_000))
    assert.equal(tempo.skip(999.9995), 1_000_000)
    assert.equal(tempo.take(), 1_000)
    assert.equal(tempo.skip(500), 0)
  })

  it('stops at a rate of 0', () => {
    assert.equal(createTempo(0, steady(0)).due(), Number.POSITIVE_INFINITY)
  })
})

describe('a spike', () => {
  it('multiplies the rate after a while, for five minutes or the given time', () => {
    const plain = readSpike('10x@5m')
    assert.ok(plain !== null)
    assert.deepEqual(
      minutes(withSpike(steady(1), plain, 0), 12),
      [60, 60, 60, 60, 60, 600, 600, 600, 600, 600, 60, 60],
    )
    const short = readSpike('2.5x@1m+60s')
    assert.ok(short !== null)
    assert.deepEqual(minutes(withSpike(steady(2), short, 0), 4), [120, 300, 120, 120])
  })

  it('is read only in its own form', () => {
    for (const text of ['', '10', '10x', '10x@', 'x@5m', '10x@5', '10x@5d', '-2x@5m', '10x@5m+']) {
      assert.equal(readSpike(text), null, text)
    }
  })

  it('is in what the crowd plays', async () => {
    const spike = readSpike('10x@10m+10m') ?? { times: 0, after: 0, lasts: 0 }
    const plays = await listensOf({ days: 1 / 24, rate: 2, spike })
    const of = (from: number, to: number) =>
      plays.filter(({ timestamp }) => {
        const at = timestamp * 1000 - MONDAY
        return at >= from * MINUTE && at < to * MINUTE
      }).length
    assert.ok(Math.abs(of(10, 20) / of(0, 10) - 10) < 0.1)
    assert.ok(Math.abs(of(20, 30) / of(0, 10) - 1) < 0.01)
  })
})

describe('a slice', () => {
  it('is read only in its own form', () => {
    assert.deepEqual(readSlice('2/3'), { part: 2, of: 3 })
    for (const text of ['', '1', '0/3', '4/3', '1/0', 'a/b', '1/3/5'])
      assert.equal(readSlice(text), null, text)
  })
})

describe('the profiles', () => {
  it('differ in rate', () => {
    const rates = Object.values(PROFILES).map(({ rate }) => rate)
    assert.deepEqual(rates, [0.1, 0.5, 20, 2_000])
  })

  it('make a release day one song’s day', async () => {
    const { createSimulatorControl } = await import('./control.ts')
    const plays = await listensOf({ days: 0.05, control: createSimulatorControl('release-day', 20) })
    const titles = [...Map.groupBy(plays, ({ track_id }) => track_id).values()]
    const greatest = Math.max(...titles.map(({ length }) => length)) / plays.length
    assert.ok(greatest > 0.2 && greatest < 0.4, `${greatest} of all plays are the release`)
  })

  it('make a quiet day one on which less is skipped', async () => {
    const { createSimulatorControl } = await import('./control.ts')
    const [quiet, everyday] = await Promise.all(
      (['quiet', 'everyday'] as const).map((name) =>
        listensOf({ days: 2, control: createSimulatorControl(name, 0.5) }),
      ),
    )
    const skipped = ({ is_skipped }: { is_skipped: boolean }) => is_skipped
    assert.ok(shareOf(quiet ?? [], skipped) < shareOf(everyday ?? [], skipped) - 0.05)
  })
})

describe('releases', () => {
  it('come out on Fridays with a spike that wears off', async () => {
    const plays = await listensOf({ days: 17, rate: 0.1 })
    const ofDay = (day: number) =>
      plays.filter(({ timestamp }) => Math.floor((timestamp * 1000 - MONDAY) / DAY) === day)
    const share = (day: number, title: string) => shareOf(ofDay(day), (play) => play.title === title)
    // The largest growth from Thursday to the second Friday.
    const risen = [...new Set(plays.map(({ title }) => title))]
      .map((title) => ({ title, rise: share(11, title) - share(10, title) }))
      .sort((a, b) => b.rise - a.rise)
      .slice(0, 3)
    for (const { title, rise } of risen) {
      assert.ok(rise > 0.015, `${title} rose by ${rise}`)
      assert.ok(share(16, title) < share(11, title) - rise / 2, `${title} wore off`)
    }
  })
})
