import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketsOf, type Unit } from './buckets.ts'
import { dayOf, startOfDay } from './day.ts'

const range = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) })
const cut = (unit: Unit, from: string, to: string, zone: string, most = 5_000) =>
  bucketsOf(unit, range(from, to), zone, most)

describe('buckets', () => {
  it('of days begin where the days of the zone do, those without a midnight too', () => {
    for (const zone of [
      'Africa/Cairo',
      'America/Santiago',
      'Asia/Beirut',
      'America/Havana',
      'Pacific/Apia',
      'UTC',
    ]) {
      const days = cut('day', '2010-01-01T05:00Z', '2027-01-01T05:00Z', zone, 10_000) ?? []
      assert.ok(days.length > 17 * 365, zone)
      for (const [at, { start, end, day = '' }] of days.entries()) {
        assert.equal(start, startOfDay(day, zone), `${day} ${zone}`)
        assert.equal(dayOf(end - 1, zone), day, zone)
        assert.equal(days[at + 1]?.start ?? end, end, zone)
      }
    }
  })

  it('leave out the day that a zone skipped', () => {
    const days = cut('day', '2011-12-29T12:00Z', '2012-01-01T00:00Z', 'Pacific/Apia') ?? []
    assert.deepEqual(
      days.map(({ day }) => day),
      ['2011-12-29', '2011-12-31', '2012-01-01'],
    )
    const only = startOfDay('2011-12-30', 'Pacific/Apia')
    assert.deepEqual(
      bucketsOf('day', { from: only, to: only + 1 }, 'Pacific/Apia', 10)?.map(({ day }) => day),
      ['2011-12-31'],
    )
  })

  it('of months begin with their first day', () => {
    const months = cut('month', '2026-01-31T23:30Z', '2026-04-02T00:00Z', 'Europe/Berlin') ?? []
    assert.deepEqual(
      months.map(({ start, day }) => [new Date(start).toISOString(), day]),
      [
        ['2026-01-31T23:00:00.000Z', '2026-02-01'],
        ['2026-02-28T23:00:00.000Z', '2026-03-01'],
        ['2026-03-31T22:00:00.000Z', '2026-04-01'],
      ],
    )
  })

  it('of hours and minutes begin with the hour and minute of the clock', () => {
    const hours = cut('hour', '2026-11-23T10:20:30Z', '2026-11-23T12:30:00Z', 'Asia/Kolkata') ?? []
    assert.deepEqual(
      hours.map(({ start }) => new Date(start).toISOString().slice(11, 16)),
      ['09:30', '10:30', '11:30'],
    )
    assert.equal(cut('minute', '2026-11-23T10:20:30Z', '2026-11-23T10:21:00Z', 'UTC')?.length, 1)
    assert.equal(cut('hour', '1969-12-31T23:30:00Z', '1970-01-01T00:30:00Z', 'UTC')?.length, 2)
  })

  it('go from the year 1 to the year 9999, as long as there are not too many', () => {
    assert.equal(cut('month', '0001-01-01T00:00Z', '0100-01-01T00:00Z', 'UTC')?.length, 99 * 12)
    assert.equal(cut('day', '9999-12-01T00:00Z', '9999-12-31T23:59:59.999Z', 'Asia/Tokyo')?.length, 32)
    for (const unit of ['minute', 'hour', 'day', 'month'] as const)
      assert.equal(cut(unit, '0001-01-01T00:00Z', '9999-12-31T23:59:59.999Z', 'Europe/Berlin'), null, unit)
  })
})
