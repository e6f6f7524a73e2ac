import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_EXTRAS, readerOf, VALUES_FIELDS } from './fields.ts'
import { type Filterable, type ListenFilter, matchOf } from './match.ts'

const LISTEN: Filterable = {
  ...NO_EXTRAS,
  user_id: 'u-1',
  name: 'Ann',
  title: 'Levels',
  artist: 'Avicii',
  genre: 'EDM',
  // A Sunday, 23:30 UTC.
  timestamp: Date.UTC(2026, 10, 22, 23, 30) / 1000,
  platform: 'Spotify',
  location: { city: 'Oslo', country: 'Norway' },
  mood: 'Happy',
  duration_seconds: 200,
  listen_position: 66.6,
  percent_listened: 33.3,
  completed: false,
  rating: null,
  is_skipped: true,
}

const passes = (filter: ListenFilter, listen = LISTEN) => matchOf(filter)(listen)

describe('a filter', () => {
  it('without values lets every listen pass', () => {
    assert.ok(passes({}))
    assert.ok(passes({ title: [], skipped: [], rating: [], user: [], weekday: [] }))
  })

  for (const field of VALUES_FIELDS) {
    const { filter } = field
    it(`by ${filter.name} wants one of the given values, exactly`, () => {
      const value = String(readerOf(field)(LISTEN))
      assert.ok(passes({ [filter.name]: ['other', value] }))
      assert.ok(!passes({ [filter.name]: [`${value}x`] }))
    })
  }

  it('wants all filters together', () => {
    assert.ok(passes({ title: ['Levels'], skipped: ['true'] }))
    assert.ok(!passes({ title: ['Levels'], skipped: ['false'] }))
    assert.ok(passes({ completed: ['true', 'false'] }))
  })

  it('knows a listener by id and by name', () => {
    assert.ok(passes({ user: ['u-1'] }))
    assert.ok(passes({ user: ['Ann'] }))
    assert.ok(!passes({ user: ['ann'] }))
  })

  it('distinguishes no rating from no stars', () => {
    assert.ok(passes({ rating: ['none', '5'] }))
    assert.ok(!passes({ rating: ['0'] }))
    assert.ok(passes({ rating: ['4.0'] }, { ...LISTEN, rating: 4 }))
  })

  it('includes the first percent or time, and excludes the second', () => {
    assert.ok(passes({ percent_from: 33.3 }))
    assert.ok(!passes({ percent_to: 33.3 }))
    assert.ok(passes({ from: '2026-11-22T23:30:00Z' }))
    assert.ok(!passes({ to: '2026-11-22T23:30:00Z' }))
  })

  it('goes by the clock of a zone', () => {
    assert.ok(passes({ weekday: [7], hour: [23] }))
    assert.ok(passes({ weekday: [1], hour: [0], zone: 'Europe/Berlin' }))
    assert.ok(!passes({ weekday: [7], zone: 'Europe/Berlin' }))
  })
})
