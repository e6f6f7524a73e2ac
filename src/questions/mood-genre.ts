import { type Static, Type } from 'typebox'
import type { Filter } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'

const MOST_CELLS = 5_000

export const MoodGenreSchema = Type.Object({
  cells: Type.Array(
    Type.Object({
      mood: Type.String(),
      genre: Type.String(),
      listens: Type.Integer(),
      seconds_listened: Type.Number(),
    }),
    { description: 'Every mood and genre that were heard together, the most first' },
  ),
})

export type MoodGenre = Static<typeof MoodGenreSchema>

/** How much of each genre is heard in each mood. */
export async function askMoodGenre(source: ListenSource, filter: Filter): Promise<MoodGenre> {
  const { sql, params } = counted(filter, ['mood', 'genre'])
  const rows = await source.rows<[string, string, number, number]>(
    (from) => `SELECT mood, genre, sum(plays) AS listens, sum(heard) FROM ${sql(from)}
     GROUP BY mood, genre ORDER BY listens DESC, mood, genre LIMIT ${MOST_CELLS}`,
    { params },
  )
  return {
    cells: rows.map(([mood, genre, listens, seconds]) => ({
      mood,
      genre,
      listens,
      seconds_listened: seconds,
    })),
  }
}
