import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isUnchanged, offsetAt, timeOfDay, zonedHour } from './clock.ts'

const HOUR = 3_600_000
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Kathmandu',
]

describe('the clock of a zone', () => {
  for (const zone of ZONES)
    it(`shows in ${zone} what Intl says`, () => {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        weekday: 'short',
        hour: 'numeric',
      })
      const first = Date.parse('2009-12-31T22:00:00Z')
      for (let moment = first; moment < first + 4 * 366 * 24 * HOUR; moment += 4.5 * HOUR) {
        const parts = format.formatToParts(moment)
        const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
        assert.deepEqual(
          zonedHour(moment, zone),
          {
            weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1,
            hour: Number(part('hour')),
          },
          new Date(moment).toISOString(),
        )
      }
    })

  it('changes at the moment of a transition, whichever moment was asked for first', () => {
    const forward = Date.parse('2027-03-28T01:00:00Z')
    for (const order of [
      [0, -1, 1],
      [-1, 0, 1],
      [1, -1, 0],
    ])
      for (const zone of ['Europe/Vienna', 'Europe/Paris', 'Europe/Rome'])
        for (const by of order)
          assert.equal(offsetAt(forward + by, zone), by < 0 ? HOUR : 2 * HOUR, `${zone} ${by}`)
    assert.ok(isUnchanged(forward, forward + HOUR, 'Europe/Paris'))
    assert.ok(!isUnchanged(forward - 1, forward, 'Europe/Paris'))
  })

  it('shows the time before 1970 as well', () => {
    assert.deepEqual(zonedHour(Date.parse('1969-12-28T23:30:00Z'), 'UTC'), { weekday: 7, hour: 23 })
    assert.equal(timeOfDay(Date.parse('1969-12-28T23:30:00Z'), 'Asia/Kolkata'), 5 * HOUR)
  })

  it('takes a moment between two milliseconds', () => {
    // A zone that nothing has asked for, so that its offset is not known yet.
    assert.equal(offsetAt(Date.parse('2026-01-02T03:04:05Z') + 0.2, 'Asia/Kathmandu'), 5.75 * HOUR)
  })
})
