import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addDays, dayOf, momentsBefore, momentsOf, parseRange, startOfDay } from './range.ts'

const iso = (moment: number | undefined) => (moment === undefined ? null : new Date(moment).toISOString())

describe('ranges', () => {
  it('begin their days by the clock of the zone, also where it was put forward or back', () => {
    assert.equal(iso(startOfDay('2026-11-23', 'Europe/Berlin')), '2026-11-22T23:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-29', 'Europe/Berlin')), '2026-03-28T23:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-30', 'Europe/Berlin')), '2026-03-29T22:00:00.000Z')
    assert.equal(iso(startOfDay('2026-10-26', 'Europe/Berlin')), '2026-10-25T23:00:00.000Z')
    // At midnight itself: these days begin at 1:00, and that one has midnight twice.
    assert.equal(iso(startOfDay('2026-09-06', 'America/Santiago')), '2026-09-06T04:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-29', 'Asia/Beirut')), '2026-03-28T22:00:00.000Z')
    assert.equal(iso(startOfDay('2026-11-01', 'America/Havana')), '2026-11-01T04:00:00.000Z')
    assert.equal(iso(startOfDay('2026-11-23', 'Asia/Kolkata')), '2026-11-22T18:30:00.000Z')
    assert.equal(iso(startOfDay('2026-11-23', 'America/New_York')), '2026-11-23T05:00:00.000Z')
  })

  it('know the day of a moment in a zone', () => {
    const moment = Date.parse('2026-11-22T23:30:00Z')
    assert.equal(dayOf(moment, 'Europe/Berlin'), '2026-11-23')
    assert.equal(dayOf(moment, 'UTC'), '2026-11-22')
    assert.equal(addDays('2026-12-31', 1), '2027-01-01')
  })

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
    // The clocks went back on 25 October: both are three whole days all the same.
    assert.deepEqual(before({ from: '2026-10-26', to: '2026-10-28' }), [
      '2026-10-22T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
  })
})
