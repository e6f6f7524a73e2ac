import type { StoredListen } from '../listen/stored.ts'

/** The columns of `listens` in the order that {@link toListen} reads. */
export const LISTEN_COLUMNS = `toString(topic_id), kafka_partition, kafka_offset, toUnixTimestamp64Milli(stored_at),
  toUnixTimestamp64Milli(listened_at), user_id, name, email, track_id, title, artist, genre, platform, city, country,
  mood, duration_seconds, listen_position, percent_listened, completed, rating, is_skipped`

export type ListenRow = [
  topicId: string,
  partition: number,
  offset: number,
  storedAt: number,
  listenedAt: number,
  userId: string,
  name: string,
  email: string,
  trackId: string,
  title: string,
  artist: string,
  genre: string,
  platform: string,
  city: string,
  country: string,
  mood: string,
  duration: number,
  position: number,
  percent: number,
  completed: boolean,
  rating: number | null,
  isSkipped: boolean,
]

/** Stable identity of a listen, from where its record stands in Kafka. */
export function listenId(topicId: string, partition: number, offset: number): string {
  return `${topicId.slice(0, 8)}-${partition}-${offset}`
}

/** A row of {@link LISTEN_COLUMNS} as the API returns it. */
export function toListen(row: ListenRow): StoredListen {
  const [topicId, partition, offset, storedAt, listenedAt, userId, name, email, trackId, title, artist] = row
  const [, , , , , , , , , , , genre, platform, city, country, mood, duration, position, percent] = row
  const [completed, rating, isSkipped] = row.slice(-3) as [boolean, number | null, boolean]
  return {
    id: listenId(topicId, partition, offset),
    user_id: userId,
    name,
    email,
    track_id: trackId,
    title,
    artist,
    genre,
    timestamp: listenedAt / 1000,
    platform,
    location: { city, country },
    mood,
    duration_seconds: duration,
    listen_position: position,
    percent_listened: percent,
    completed,
    rating,
    is_skipped: isSkipped,
    stored_at: storedAt / 1000,
    partition,
    offset,
  }
}
