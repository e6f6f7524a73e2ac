import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeListen } from './decode.ts'
import { encodeListen } from './encode.ts'
import type { Listen } from './listen.ts'
import { MAX_LENGTH } from './max-length.ts'

const NOW = 1_764_000_600_000

const LISTEN: Listen = {
  user_id: 'u',
  name: 'weeksmaria',
  email: 'a@example.org',
  track_id: 't',
  title: 'Glimpse of Us',
  artist: 'Joji',
  genre: 'Alt Pop',
  timestamp: 1_764_000_000,
  platform: 'Spotify',
  location: { city: 'Osaka', country: 'Japan' },
  mood: 'Melancholic',
  duration_seconds: 212,
  listen_position: 183,
  completed: true,
  rating: 4,
  is_skipped: false,
}

/** Listens of every shape that a decoder may accept, from one seed so that a failure can be repeated. */
function* generatedListens(count: number, seed: number): Generator<Listen> {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const whole = (limit: number) => Math.floor(random() * limit)
  const alphabet = [
    'a',
    'Z',
    ' ',
    '"',
    '\\',
    '/',
    '\n',
    '\t',
    '\x01',
    '\x7f',
    'é',
    'ł',
    '’',
    '日',
    '🎵',
    '\u2028',
    '\ufeff',
  ]
  const text = (limit: number, least = 1) => {
    // Mostly short, now and then as long as the field allows.
    const length = random() < 0.05 ? limit : Math.max(least, whole(Math.min(limit, 20)))
    return Array.from({ length }, () => alphabet[whole(alphabet.length)]).join('')
  }
  for (let index = 0; index < count; index++) {
    const duration = random() < 0.5 ? 1 + whole(600) : random() * 1e4 + Number.MIN_VALUE
    const share = [0, 1, random(), random()][whole(4)] ?? 0
    yield {
      user_id: text(MAX_LENGTH.user_id),
      name: text(MAX_LENGTH.name),
      email: text(MAX_LENGTH.email, 0),
      track_id: text(MAX_LENGTH.track_id, 0),
      title: text(MAX_LENGTH.title),
      artist: text(MAX_LENGTH.artist),
      genre: text(MAX_LENGTH.genre),
      timestamp: random() < 0.5 ? 1_009_843_200 + whole(750_000_000) : 1_009_843_200 + random() * 7.5e8,
      platform: text(MAX_LENGTH.platform),
      location: { city: text(MAX_LENGTH.city), country: text(MAX_LENGTH.country) },
      mood: text(MAX_LENGTH.mood),
      duration_seconds: duration,
      listen_position: duration * share,
      completed: random() < 0.5,
      rating: random() < 0.4 ? null : whole(11) / 2,
      is_skipped: random() < 0.5,
    }
  }
}

describe('an encoded listen', () => {
  it('decodes to the same listen, whatever it holds', () => {
    for (const listen of generatedListens(5_000, 20_251_124))
      assert.deepEqual(decodeListen(encodeListen(listen), NOW), { ok: true, listen })
  })

  it('has the keys of the existing wire format in their order', () => {
    assert.deepEqual(Object.keys(JSON.parse(encodeListen(LISTEN).toString())), [
      'user_id',
      'name',
      'email',
      'track_id',
      'title',
      'artist',
      'genre',
      'timestamp',
      'platform',
      'location',
      'mood',
      'duration_seconds',
      'listen_position',
      'completed',
      'rating',
      'is_skipped',
    ])
  })

  it('leaves a rating out that was not given, and keeps one of zero', () => {
    const keys = (rating: number | null) => JSON.parse(encodeListen({ ...LISTEN, rating }).toString())
    assert.equal('rating' in keys(null), false)
    assert.equal(keys(0).rating, 0)
  })

  it('always says whether it was completed and skipped', () => {
    const value = JSON.parse(encodeListen({ ...LISTEN, completed: false, is_skipped: false }).toString())
    assert.deepEqual([value.completed, value.is_skipped], [false, false])
  })
})
