import { type Static, Type } from 'typebox'
import { MAX_LENGTH } from '../listen/max-length.ts'

/** A song of the catalogue. The limits are those of a listen, because every song is there to be listened to. */
export const SongSchema = Type.Object({
  title: Type.String({ minLength: 1, maxLength: MAX_LENGTH.title, description: "The song's title" }),
  artist: Type.String({ minLength: 1, maxLength: MAX_LENGTH.artist, description: "The song's artist" }),
  genre: Type.String({ minLength: 1, maxLength: MAX_LENGTH.genre, description: "The song's genre" }),
})

export type Song = Static<typeof SongSchema>
