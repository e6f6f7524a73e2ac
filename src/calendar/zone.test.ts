import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonicalZone } from './zone.ts'

describe('the name of a zone', () => {
  it('is one whichever name and case are given', () => {
    for (const name of ['Europe/Berlin', 'europe/berlin', 'EUROPE/BERLIN'])
      assert.equal(canonicalZone(name), 'Europe/Berlin')
    for (const name of ['utc', 'UTC', 'Etc/UTC', 'zulu', 'gmt', 'GMT0', 'factory', 'Universal'])
      assert.equal(canonicalZone(name), 'UTC', name)
    assert.equal(canonicalZone('pst'), 'America/Los_Angeles')
    assert.equal(canonicalZone('us/eastern'), 'America/New_York')
    assert.equal(canonicalZone('Asia/Kolkata'), canonicalZone('asia/calcutta'))
    assert.equal(canonicalZone('etc/gmt-14'), 'Etc/GMT-14')
  })

  it('is known for every zone that a browser lists', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) assert.notEqual(canonicalZone(name), null, name)
  })

  it('is nothing else', () => {
    for (const name of [
      '',
      'Mars',
      '+01:00',
      '-0800',
      'UTC+1',
      'Europe/Berlin ',
      'Europe/../UTC',
      'Ëurope/Berlin',
      'a\0',
    ])
      assert.equal(canonicalZone(name), null, name)
  })
})
