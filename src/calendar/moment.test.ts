import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseMoment } from './moment.ts'

const iso = (text: string, zone = 'UTC') => {
  const moment = parseMoment(text, zone)
  return moment === null ? null : new Date(moment).toISOString()
}

describe('a moment', () => {
  it('is a time in ISO 8601 with an offset', () => {
    assert.equal(iso('2026-11-23T08:00:00Z', 'Asia/Tokyo'), '2026-11-23T08:00:00.000Z')
    assert.equal(iso('2026-11-23T08:00+01:30'), '2026-11-23T06:30:00.000Z')
    assert.equal(iso('2026-11-23T08:00:00.1239-0930'), '2026-11-23T17:30:00.123Z')
    assert.equal(iso('2026-11-23T08:00:00,5+02'), '2026-11-23T06:00:00.500Z')
  })

  it('is by the clock of the zone without an offset', () => {
    assert.equal(iso('2026-11-23T08:00', 'America/New_York'), '2026-11-23T13:00:00.000Z')
    assert.equal(iso('2026-06-23T08:00:00', 'America/New_York'), '2026-06-23T12:00:00.000Z')
    assert.equal(iso('2026-11-23', 'Asia/Kolkata'), '2026-11-22T18:30:00.000Z')
    // Skipped by the clock, so as much later; and shown twice, so the first of them.
    assert.equal(iso('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00.000Z')
    assert.equal(iso('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z')
    assert.equal(iso('2026-04-24', 'Africa/Cairo'), '2026-04-23T22:00:00.000Z')
  })

  it('is seconds since 1970', () => {
    assert.equal(iso('1795420800.25', 'Asia/Tokyo'), '2026-11-23T08:00:00.250Z')
    assert.equal(iso('-1'), '1969-12-31T23:59:59.000Z')
  })

  it('is in the years 1 to 9999', () => {
    assert.equal(iso('0001-01-01'), '0001-01-01T00:00:00.000Z')
    assert.equal(iso('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z')
    for (const text of ['0000-12-31T23:59:59Z', '-62135700000', '253402400000', '1e400'])
      assert.equal(iso(text), null, text)
    assert.equal(iso('0001-01-01', 'Asia/Tokyo'), '0000-12-31T14:41:01.000Z')
    assert.equal(iso('9999-12-31T23:30', 'America/New_York'), '+010000-01-01T04:30:00.000Z')
  })

  it('is nothing vague or impossible', () => {
    for (const text of [
      '2026-02-30',
      '2027-02-29T00:00Z',
      'foo 1',
      'Monday 3',
      '(x)2026-11-23',
      '2026-11-23T24:00Z',
      '2026-11-23T12:60Z',
      '2026-11-23T12:00:60Z',
      '2026-11-23T12:00+24:00',
      '2026-11-23T12:00+01:60',
      '2026-11-23T12Z',
      '2026-11-23T',
      '2026-11-23 12:00Z',
      '2026-11-23t12:00z',
      '2026-11-23Z',
      '20261123T120000Z',
      '2026-11',
      '2026-W48-1',
      '2026-327',
      'Mon, 23 Nov 2026 08:00:00 GMT',
      '2026-11-23T12:00[Europe/Berlin]',
      '2026-11-23T12:00 01:00',
      '1e9',
      '٢٠٢٦-11-23',
      ' 2026-11-23',
      '2026-11-23\n',
      'NaN',
      '',
    ])
      assert.equal(iso(text), null, text)
  })
})
