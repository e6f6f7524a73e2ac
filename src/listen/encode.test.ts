import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRandom } from '../simulator/random.ts'
import { decodeListen } from './decode.ts'
import { encodeListen } from './encode.ts'
import { type Field, NO_EXTRAS, objectOf, TOPIC_FIELDS } from './fields.ts'
import type { Listen } from './listen.ts'

const NOW = 1_764_000_600_000

const LISTEN: Listen = {
  ...NO_EXTRAS,
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

/** Listens of every shape that a decoder may accept; the same seed makes the same, so that a failure can be repeated. */
function* generatedListens(count: number, seed: number): Generator<Listen> {
  const random = createRandom(seed, 'listens')
  const characters = Array.from('aZ "\\/\n\t\x01\x7fé’ł日🎵\u2028\ufeff')
  const text = (limit: number, least: number) => {
    // Mostly short, now and then as long as the field allows.
    const length = random.chance(0.05) ? limit : Math.max(least, random.below(Math.min(limit, 20)))
    return Array.from({ length }, () => random.pick(characters)).join('')
  }
  const anyValue = ({ kind, presence, maxLength = 0 }: Field) => {
    if (kind === 'text') return text(maxLength, presence === 'required' ? 1 : 0)
    if (kind === 'boolean') return random.chance(0.5)
    return 1_009_843_200 + random.below(750_000_000) + random.pick([0, 0.25])
  }
  for (let index = 0; index < count; index++) {
    const duration = random.chance(0.5) ? 1 + random.below(600) : (1 + random.below(10_000)) / 7
    yield {
      ...(objectOf(TOPIC_FIELDS, anyValue) as Listen),
      duration_seconds: duration,
      listen_position: duration * random.pick([0, 1, random.below(100) / 99]),
      rating: random.chance(0.4) ? null : random.below(11) / 2,
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

  it('has every field of that format, whatever is known: no rating is null', () => {
    const unknown = { ...LISTEN, email: '', track_id: '', rating: null, completed: false, is_skipped: false }
    assert.deepEqual(JSON.parse(encodeListen(unknown).toString()), {
      user_id: 'u',
      name: 'weeksmaria',
      email: '',
      track_id: '',
      title: 'Glimpse of Us',
      artist: 'Joji',
      genre: 'Alt Pop',
      timestamp: 1_764_000_000,
      platform: 'Spotify',
      location: { city: 'Osaka', country: 'Japan' },
      mood: 'Melancholic',
      duration_seconds: 212,
      listen_position: 183,
      completed: false,
      rating: null,
      is_skipped: false,
    })
    assert.equal(JSON.parse(encodeListen({ ...LISTEN, rating: 0 }).toString()).rating, 0)
  })
})
