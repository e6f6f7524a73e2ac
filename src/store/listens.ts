import type { Listen } from '../listen/listen.ts'
import type { Store } from './store.ts'

/** Where a record stands in Kafka. */
export interface Place {
  topicId: string
  partition: number
  offset: number
}

const COLUMNS =
  'topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, track_id, title, artist, ' +
  'genre, platform, city, country, mood, duration_seconds, listen_position, completed, rating, is_skipped'

/**
 * A listen as a line of an INSERT.
 * @param storedAt seconds since 1970; the same for every line of a batch, so that the batch is one part
 */
export function listenLine(listen: Listen, place: Place, storedAt: number): string {
  return JSON.stringify([
    place.topicId,
    place.partition,
    place.offset,
    storedAt.toFixed(3),
    listen.timestamp.toFixed(3),
    listen.user_id,
    listen.name,
    listen.email,
    listen.track_id,
    listen.title,
    listen.artist,
    listen.genre,
    listen.platform,
    listen.location.city,
    listen.location.country,
    listen.mood,
    listen.duration_seconds,
    listen.listen_position,
    listen.completed,
    listen.rating,
    listen.is_skipped,
  ])
}

/** Stores a batch of lines of {@link listenLine} all together or not at all. */
export function insertListens(store: Store, lines: readonly string[]): Promise<void> {
  return store.insert(`listens (${COLUMNS})`, lines)
}
