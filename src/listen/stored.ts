import { type Static, Type } from 'typebox'

/** A listen as the store holds it and the API returns it: the topic's fields, the derived one, its place in Kafka. */
export const StoredListenSchema = Type.Object({
  id: Type.String({ description: 'Stable identity: where the record stands in Kafka' }),
  user_id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  track_id: Type.String(),
  title: Type.String(),
  artist: Type.String(),
  genre: Type.String(),
  timestamp: Type.Number({ description: 'Seconds since 1970 (UTC)' }),
  platform: Type.String(),
  location: Type.Object({ city: Type.String(), country: Type.String() }),
  mood: Type.String(),
  duration_seconds: Type.Number({ description: 'Seconds' }),
  listen_position: Type.Number({ description: 'Seconds' }),
  percent_listened: Type.Number({ description: '0 to 100' }),
  completed: Type.Boolean(),
  rating: Type.Union([Type.Number(), Type.Null()], {
    description: '0 to 5 in halves; null where none was given',
  }),
  is_skipped: Type.Boolean(),
  stored_at: Type.Number({ description: 'When it was stored, in seconds since 1970 (UTC)' }),
  partition: Type.Integer({ description: 'Kafka partition' }),
  offset: Type.Integer({ description: 'Kafka offset in that partition' }),
})

export type StoredListen = Static<typeof StoredListenSchema>
