import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import type { Filter } from './filter.ts'
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
export async function askRatings(store: Store, filter: Filter): Promise<Ratings> {
  const { sql, params } = counted(filter, ['rating'])
  const rows = await store.rows<[number | null, number]>(
    `SELECT rating, sum(plays) FROM ${sql} GROUP BY rating ORDER BY rating`,
    { params },
  )
  return { ratings: rows.map(([rating, listens]) => ({ rating, listens })) }
}
