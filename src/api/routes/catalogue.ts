import { Type } from 'typebox'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { SongSchema } from '../../catalogue/song.ts'
import { fold } from '../../listen/fold.ts'
import { ErrorSchema, RequestError } from '../error.ts'
import type { App } from '../typed-app.ts'

const CatalogueQuerySchema = Type.Object(
  {
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Only songs whose title or artist contains this, whatever its case and accents',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 5000, default: 500, description: 'Songs at most' }),
    ),
  },
  { additionalProperties: false },
)

export const CatalogueSchema = Type.Object({
  songs: Type.Array(SongSchema),
  artists: Type.Array(Type.String(), { description: 'Artists of these songs' }),
  genres: Type.Array(Type.String()),
  platforms: Type.Array(Type.String()),
  moods: Type.Array(Type.String()),
  total_songs: Type.Integer({ description: 'Songs in the whole catalogue' }),
})

export interface CatalogueRoutes {
  catalogue: Catalogue
}

/** `GET` and `POST /api/catalogue`. */
export function catalogueRoutes(app: App, { catalogue }: CatalogueRoutes): void {
  app.get(
    '/api/catalogue',
    {
      schema: {
        summary: 'The songs, genres, platforms and moods that Playhead knows',
        tags: ['catalogue'],
        querystring: CatalogueQuerySchema,
        response: { 200: CatalogueSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      const { search = '', limit = 500 } = request.query
      const wanted = fold(search).trim()
      const all = catalogue.songs()
      const songs = []
      for (const song of all) {
        if (songs.length === limit) break
        if (fold(song.title).includes(wanted) || fold(song.artist).includes(wanted)) songs.push(song)
      }
      return {
        songs,
        artists: [...new Set(songs.map(({ artist }) => artist))],
        genres: [...catalogue.genres()],
        platforms: [...catalogue.platforms],
        moods: [...catalogue.moods],
        total_songs: all.length,
      }
    },
  )

  app.post(
    '/api/catalogue',
    {
      schema: {
        summary: 'Adds a song, so that it can be chosen and the simulated crowd plays it',
        tags: ['catalogue'],
        body: Type.Object(SongSchema.properties, { additionalProperties: false }),
        response: { 201: SongSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      const { title, artist, genre } = request.body
      const song = { title: title.trim(), artist: artist.trim(), genre: genre.trim() }
      for (const [field, text] of Object.entries(song))
        if (text === '') throw new RequestError(400, 'empty_text', `${field} must not be empty.`, field)
      if (catalogue.has(song))
        throw new RequestError(
          409,
          'song_known',
          `${song.title} by ${song.artist} is in the catalogue already.`,
        )
      await catalogue.add([song])
      return reply.code(201).send(song)
    },
  )
}
