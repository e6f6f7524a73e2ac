import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addDays, dayOf, daysBetween, earlier, endOfDay, firstOfMonth, isDay, startOfDay } from './day.ts'

const iso = (moment: number) => new Date(moment).toISOString()

describe('days of a zone', () => {
  it('begin by its clock, also where that is put forward or back', () => {
    assert.equal(iso(startOfDay('2026-11-23', 'Europe/Berlin')), '2026-11-22T23:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-29', 'Europe/Berlin')), '2026-03-28T23:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-30', 'Europe/Berlin')), '2026-03-29T22:00:00.000Z')
    assert.equal(iso(startOfDay('2026-10-26', 'Europe/Berlin')), '2026-10-25T23:00:00.000Z')
    assert.equal(iso(startOfDay('2026-11-23', 'Asia/Kolkata')), '2026-11-22T18:30:00.000Z')
    assert.equal(iso(startOfDay('2026-11-23', 'America/New_York')), '2026-11-23T05:00:00.000Z')
  })

  it('begin at one where midnight is skipped, and at the first of two midnights', () => {
    assert.equal(iso(startOfDay('2026-09-06', 'America/Santiago')), '2026-09-06T04:00:00.000Z')
    assert.equal(iso(startOfDay('2026-03-29', 'Asia/Beirut')), '2026-03-28T22:00:00.000Z')
    assert.equal(iso(startOfDay('2026-04-24', 'Africa/Cairo')), '2026-04-23T22:00:00.000Z')
    assert.equal(iso(startOfDay('2026-11-01', 'America/Havana')), '2026-11-01T04:00:00.000Z')
  })

  it('that the zone skipped begin where the next day does', () => {
    for (const [zone, day] of [
      ['Pacific/Apia', '2011-12-30'],
      ['Pacific/Fakaofo', '2011-12-30'],
      ['Pacific/Kwajalein', '1993-08-21'],
    ] as const) {
      assert.equal(startOfDay(day, zone), endOfDay(day, zone), zone)
      assert.equal(dayOf(startOfDay(day, zone), zone), addDays(day, 1), zone)
    }
  })

  it('are known by a moment', () => {
    const moment = Date.parse('2026-11-22T23:30:00Z')
    assert.equal(dayOf(moment, 'Europe/Berlin'), '2026-11-23')
    assert.equal(dayOf(moment, 'UTC'), '2026-11-22')
  })

  it('are counted by the calendar', () => {
    assert.equal(addDays('2026-12-31', 1), '2027-01-01')
    assert.equal(addDays('2028-03-01', -1), '2028-02-29')
    assert.equal(daysBetween('2027-12-31', '2028-03-01'), 61)
    assert.equal(firstOfMonth('2026-03-31', -1), '2026-02-01')
    assert.equal(firstOfMonth('2026-01-15', -11), '2025-02-01')
  })

  it('are only those of the calendar', () => {
    for (const day of ['2026-11-23', '2028-02-29', '0001-01-01', '9999-12-31', '1900-02-28'])
      assert.ok(isDay(day), day)
    for (const day of ['2026-02-30', '2026-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-11-31'])
      assert.ok(!isDay(day), day)
    for (const text of ['0000-01-01', '2026-1-1', '26-01-01', '2026-11', '2026-11-23 ', '', '+002026-01-01'])
      assert.ok(!isDay(text), text)
  })

  it('and times are found again days and years earlier', () => {
    const before = (at: string, by: Parameters<typeof earlier>[1], zone: string) =>
      iso(earlier(Date.parse(at), by, zone))
    assert.equal(before('2026-11-23T10:20:30Z', { days: 7 }, 'Europe/Berlin'), '2026-11-16T10:20:30.000Z')
    assert.equal(before('2026-10-26T10:00:00Z', { days: 1 }, 'Europe/Berlin'), '2026-10-25T10:00:00.000Z')
    assert.equal(before('2026-10-25T10:00:00Z', { days: 1 }, 'Europe/Berlin'), '2026-10-24T09:00:00.000Z')
    assert.equal(before('2028-02-29T12:00:00Z', { years: 1 }, 'UTC'), '2027-02-28T12:00:00.000Z')
    // The day begins at 1:00, the one before at 0:00.
    assert.equal(before('2026-04-23T22:00:00Z', { days: 1 }, 'Africa/Cairo'), '2026-04-22T22:00:00.000Z')
    assert.equal(before('2026-09-06T04:00:00Z', { days: 30 }, 'America/Santiago'), '2026-08-07T04:00:00.000Z')
    // The other way about.
    assert.equal(before('2026-04-24T21:00:00Z', { days: 1 }, 'Africa/Cairo'), '2026-04-23T22:00:00.000Z')
  })
})
