import { type Static, Type } from 'typebox'
import type { Filter } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'

export const RatingsSchema = Type.Object({
  ratings: Type.Array(
    Type.Object({
      rating: Type.Union([Type.Number(), Type.Null()], { description: 'Stars; null where none was given' }),
      listens: Type.Integer(),
    }),
  ),
})

export type Ratings = Static<typeof RatingsSchema>

/** How many plays were given how many stars. */
export async function askRatings(source: ListenSource, filter: Filter): Promise<Ratings> {
  const { sql, params } = counted(filter, ['rating'])
  const rows = await source.rows<[number | null, number]>(
    (from) => `SELECT rating, sum(plays) FROM ${sql(from)} GROUP BY rating ORDER BY rating`,
    { params },
  )
  return { ratings: rows.map(([rating, listens]) => ({ rating, listens })) }
}
