import { type Static, Type } from 'typebox'
import { MAX_LENGTH } from './max-length.ts'

const text = (field: keyof typeof MAX_LENGTH, description: string) =>
  Type.String({ minLength: 1, maxLength: MAX_LENGTH[field], description })

/**
 * One listening event as it travels on the topic: the one schema from which the type, the decoder, the API
 * and its documentation come. Producers may leave out what is optional here and may send fields of their own.
 */
export const ListenSchema = Type.Object({
  user_id: text('user_id', 'Who listened; any stable text, usually a UUID'),
  name: text('name', "The listener's display name"),
  email: Type.Optional(Type.String({ maxLength: MAX_LENGTH.email, description: "The listener's e-mail" })),
  track_id: Type.Optional(Type.String({ maxLength: MAX_LENGTH.track_id, description: 'Which track' })),
  title: text('title', "The track's title"),
  artist: text('artist', "The track's artist"),
  genre: text('genre', "The track's genre"),
  timestamp: Type.Number({ description: 'When the play began, in seconds since 1970 (UTC)' }),
  platform: text('platform', 'Where it was streamed, such as Spotify'),
  location: Type.Object({
    city: text('city', 'City the listener was in'),
    country: text('country', 'Country the listener was in'),
  }),
  mood: text('mood', "The listener's mood"),
  duration_seconds: Type.Number({ exclusiveMinimum: 0, description: "The track's length in seconds" }),
  listen_position: Type.Number({ minimum: 0, description: 'How far into the track they got, in seconds' }),
  completed: Type.Optional(Type.Boolean({ description: 'Heard to at least 80 % of the track' })),
  rating: Type.Optional(
    Type.Union([Type.Number({ minimum: 0, maximum: 5, multipleOf: 0.5 }), Type.Null()], {
      description: 'Stars from 0 to 5 in halves; null or absent where the listener gave none',
    }),
  ),
  is_skipped: Type.Optional(Type.Boolean({ description: 'Left before the end' })),
})

/** A listen as a producer sends it; see {@link ListenSchema}. */
export type ListenEvent = Static<typeof ListenSchema>

/** A decoded listen: what the producer sent, with everything that can be derived filled in. */
export interface Listen {
  user_id: string
  name: string
  email: string
  track_id: string
  title: string
  artist: string
  genre: string
  /** Seconds since 1970, UTC; may have a fraction. */
  timestamp: number
  platform: string
  location: { city: string; country: string }
  mood: string
  duration_seconds: number
  listen_position: number
  completed: boolean
  /** 0 to 5 in halves, or null where the listener gave none. */
  rating: number | null
  is_skipped: boolean
}
