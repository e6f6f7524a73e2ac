import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addDays, startOfDay } from '../../../src/calendar/day.ts'
import { momentsBefore, momentsOf, parseRange } from './range.ts'

const iso = (moment: number | undefined) => (moment === undefined ? null : new Date(moment).toISOString())

describe('ranges', () => {
  it('that move along with the clock begin with a whole day, hour or month', () => {
    const now = Date.parse('2026-11-23T10:20:30Z')
    const from = (range: Parameters<typeof momentsOf>[0]) => iso(momentsOf(range, 'Europe/Berlin', now).from)
    assert.equal(from('today'), '2026-11-22T23:00:00.000Z')
    assert.equal(from('24h'), '2026-11-22T11:00:00.000Z')
    assert.equal(from('7d'), '2026-11-16T23:00:00.000Z')
    assert.equal(from('12mo'), '2025-11-30T23:00:00.000Z')
    assert.deepEqual(momentsOf('all', 'UTC', now), {})
  })

  it('of hours begin with a whole hour of the zone, also where its hours begin at half past', () => {
    const from = (zone: string) => iso(momentsOf('24h', zone, Date.parse('2026-11-23T10:20:30Z')).from)
    assert.equal(from('Asia/Kolkata'), '2026-11-22T10:30:00.000Z')
    assert.equal(from('UTC'), '2026-11-22T11:00:00.000Z')
  })

  it('of days include the last one', () => {
    const moments = momentsOf({ from: '2026-11-01', to: '2026-11-02' }, 'UTC', 0)
    assert.equal(iso(moments.from), '2026-11-01T00:00:00.000Z')
    assert.equal(iso(moments.to), '2026-11-03T00:00:00.000Z')
  })

  it('that make no sense are left out of the view', () => {
    const parsed = (text: string) => parseRange(new URLSearchParams(text))
    assert.equal(parsed('range=7d'), '7d')
    assert.equal(parsed('range=fortnight'), undefined)
    assert.deepEqual(parsed('from=2026-11-01&to=2026-11-02'), { from: '2026-11-01', to: '2026-11-02' })
    for (const wrong of [
      'from=2026-11-03&to=2026-11-02',
      'from=2026-11-01',
      'from=x&to=y',
      'from=2026-13-01&to=2026-13-02',
      'from=2026-02-29&to=2026-02-30',
      'from=2026-02-01T00:00Z&to=2026-02-30T00:00Z',
    ])
      assert.equal(parsed(wrong), undefined, wrong)
  })

  it('are compared with as many days before, up to the same time of day', () => {
    const now = Date.parse('2026-11-23T10:20:30Z')
    const before = (range: Parameters<typeof momentsOf>[0], zone = 'Europe/Berlin', at = now) => {
      const moments = momentsBefore(range, zone, at)
      return moments && [iso(moments.from), iso(moments.to)]
    }
    assert.deepEqual(before('today'), ['2026-11-21T23:00:00.000Z', '2026-11-22T10:20:30.000Z'])
    assert.deepEqual(before('7d'), ['2026-11-09T23:00:00.000Z', '2026-11-16T10:20:30.000Z'])
    assert.deepEqual(before('24h'), ['2026-11-21T11:00:00.000Z', '2026-11-22T10:20:30.000Z'])
    assert.deepEqual(before('12mo'), ['2024-11-30T23:00:00.000Z', '2025-11-23T10:20:30.000Z'])
    assert.equal(before('all'), undefined)
    assert.deepEqual(before({ from: '2026-11-10', to: '2026-11-12' }), [
      '2026-11-06T23:00:00.000Z',
      '2026-11-09T23:00:00.000Z',
    ])
    // The clock went forward at 2:00 that morning, and is at 15:00 now, after fourteen hours.
    const forward = Date.parse('2026-03-29T13:00:00Z')
    assert.deepEqual(before('today', 'Europe/Berlin', forward), [
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T14:00:00.000Z',
    ])
    const back = Date.parse('2026-11-01T20:00:00Z')
    assert.deepEqual(before('7d', 'America/New_York', back), [
      '2026-10-19T04:00:00.000Z',
      '2026-10-25T19:00:00.000Z',
    ])
    assert.deepEqual(before('12mo', 'Europe/Berlin', Date.parse('2026-10-25T02:30:00Z')), [
      '2024-10-31T23:00:00.000Z',
      '2025-10-25T01:30:00.000Z',
    ])
    // These days begin at 1:00 by the clock, the day before at 0:00.
    for (const [zone, day, start, dayBefore] of [
      ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-22T22:00:00.000Z'],
      ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', '2026-03-27T22:00:00.000Z'],
      ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-07T05:00:00.000Z'],
      ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z', '2026-09-05T04:00:00.000Z'],
    ] as const) {
      assert.deepEqual(before({ from: day, to: day }, zone), [dayBefore, start], zone)
      const now = Date.parse(start) + 14 * 3_600_000
      assert.equal(before('today', zone, now)?.[0], dayBefore, zone)
      const in6Days = now + 6 * 86_400_000
      assert.equal(before('7d', zone, in6Days)?.[0], iso(startOfDay(addDays(day, -7), zone)), zone)
    }
    // A day that the zone skipped is none, but compared with the day before all the same.
    assert.deepEqual(before({ from: '2011-12-31', to: '2011-12-31' }, 'Pacific/Apia'), [
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ])
    // The clocks went back on 25 October: both are three whole days all the same.
    assert.deepEqual(before({ from: '2026-10-26', to: '2026-10-28' }), [
      '2026-10-22T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
  })
})
