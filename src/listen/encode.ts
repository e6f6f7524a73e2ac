import type { Listen } from './listen.ts'

/**
 * Writes a listen as a record's value, so that `decodeListen` returns the same listen.
 *
 * The keys stand in the order that existing producers use. Everything derived is written, because a consumer made
 * for the existing shape reads it and derives nothing. A rating that was not given is left out rather than written
 * as null: such a consumer takes `rating` for a number wherever the key is present.
 */
export function encodeListen(listen: Listen): Buffer {
  return Buffer.from(
    JSON.stringify({
      user_id: listen.user_id,
      name: listen.name,
      email: listen.email,
      track_id: listen.track_id,
      title: listen.title,
      artist: listen.artist,
      genre: listen.genre,
      timestamp: listen.timestamp,
      platform: listen.platform,
      location: { city: listen.location.city, country: listen.location.country },
      mood: listen.mood,
      duration_seconds: listen.duration_seconds,
      listen_position: listen.listen_position,
      completed: listen.completed,
      // JSON.stringify drops a key whose value is undefined, which keeps the order without a second object.
      rating: listen.rating ?? undefined,
      is_skipped: listen.is_skipped,
    }),
  )
}
