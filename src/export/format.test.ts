import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { NO_EXTRAS } from '../listen/fields.ts'
import type { StoredListen } from '../listen/stored.ts'
import { FORMATS } from './format.ts'

describe('every format', () => {
  for (const [name, { encode }] of Object.entries(FORMATS))
    it(`${name}: asks for no more pages when its reader leaves`, async () => {
      let left = false
      async function* pages(): AsyncGenerator<StoredListen[]> {
        try {
          for (;;) yield Array.from({ length: 5_000 }, () => LISTEN)
        } finally {
          left = true
        }
      }
      let pieces = 0
      const file = Readable.from(encode(pages()), { objectMode: false })
      for await (const _ of file) {
        pieces += 1
        if (pieces === 2) break
      }
      // Leaving it aborts it, which `once` would take for a failure.
      if (!file.closed) await new Promise((resolve) => file.once('close', resolve))
      assert.equal(left, true)
    })
})

const LISTEN: StoredListen = {
  ...NO_EXTRAS,
  id: 'a-0-1',
  user_id: 'u',
  name: 'N',
  email: 'e@example.com',
  track_id: 't',
  title: 'T',
  artist: 'A',
  genre: 'G',
  timestamp: 1_770_000_000.5,
  platform: 'P',
  location: { city: 'C', country: 'D' },
  mood: 'M',
  duration_seconds: 200,
  listen_position: 20,
  percent_listened: 10,
  completed: false,
  rating: null,
  is_skipped: true,
  stored_at: 1_770_000_001,
  partition: 0,
  offset: 1,
}
