import { type Static, Type } from 'typebox'
import { MAX_LENGTH } from '../listen/max-length.ts'

/** A song of the catalogue, with the limits of a listen. */
export const SongSchema = Type.Object({
  title: Type.String({ minLength: 1, maxLength: MAX_LENGTH.title, description: "The song's title" }),
  artist: Type.String({ minLength: 1, maxLength: MAX_LENGTH.artist, description: "The song's artist" }),
  genre: Type.String({ minLength: 1, maxLength: MAX_LENGTH.genre, description: "The song's genre" }),
})

export type Song = Static<typeof SongSchema>
