import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OverTime } from '../../../src/questions/over-time.ts'
import { besideBefore } from './period-before.ts'

/** Hours, or days, from a moment on; each counts when it begins, so that they can be told apart. */
function answer(from: string, count: number, unit: 'hour' | 'day' = 'hour'): OverTime {
  const [start, step] = [Date.parse(from) / 1000, unit === 'hour' ? 3_600 : 86_400]
  const buckets = Array.from({ length: count }, (_, at) => ({
    start: start + at * step,
    end: start + (at + 1) * step,
    listens: at,
    seconds_listened: 0,
    completed: 0,
    skipped: 0,
  }))
  return { unit, buckets, series: [] }
}
const beside = (now: OverTime, before: OverTime, zone: string) =>
  besideBefore(now, before, zone).map((bucket) => bucket?.listens ?? null)
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe('the period before', () => {
  it('stands beside its like by the clock where an hour comes twice', () => {
    const now = answer('2026-10-24T22:00:00Z', 49)
    const before = answer('2026-10-22T22:00:00Z', 48)
    assert.deepEqual(beside(now, before, 'Europe/Berlin'), [...numbers(0, 3), null, ...numbers(3, 48)])
  })

  it('stands beside its like by the clock where an hour is left out', () => {
    const now = answer('2026-03-28T23:00:00Z', 23)
    const before = answer('2026-03-27T23:00:00Z', 24)
    assert.deepEqual(beside(now, before, 'Europe/Berlin'), [0, 1, ...numbers(3, 24)])
  })

  it('goes in order where it does not begin with a day, and where it is told by the day', () => {
    assert.deepEqual(
      beside(answer('2026-10-24T22:30:00Z', 5), answer('2026-10-23T22:30:00Z', 4), 'Europe/Berlin'),
      [0, 1, 2, 3, null],
    )
    assert.deepEqual(
      beside(
        answer('2026-10-24T22:00:00Z', 2, 'day'),
        answer('2026-10-22T22:00:00Z', 2, 'day'),
        'Europe/Berlin',
      ),
      [0, 1],
    )
  })
})
