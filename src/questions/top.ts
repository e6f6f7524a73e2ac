import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'

const COLUMNS = ['artist', 'title', 'genre', 'platform', 'country', 'city', 'mood'] as const

export const TopQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    by: Type.Enum([...COLUMNS], { description: 'What to count listens by' }),
    search: Type.Optional(Type.String({ maxLength: 200, description: 'Only values that contain this' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 20 })),
  },
  { additionalProperties: false },
)

export const TopSchema = Type.Object({
  values: Type.Array(Type.Object({ value: Type.String(), listens: Type.Integer() })),
})

export type TopQuery = Static<typeof TopQuerySchema>
export type Top = Static<typeof TopSchema>

/** The values of one field with the most listens, most first. */
export async function askTop(store: Store, query: TopQuery & Filter): Promise<Top> {
  const { by, search = '', limit = 20 } = query
  const where = whereOf(query)
  // `by` is one of a closed set, checked by the schema and again here, because it becomes part of the SQL.
  const column = COLUMNS.find((name) => name === by)
  if (column === undefined) throw new Error(`unknown column ${by}`)
  const rows = await store.rows<[string, number]>(
    `SELECT ${column} AS value, count() AS listens
     FROM listens
     WHERE ${where.sql} ${search === '' ? '' : `AND positionCaseInsensitiveUTF8(${column}, {search:String}) > 0`}
     GROUP BY value ORDER BY listens DESC, value LIMIT ${Number(limit)}`,
    { params: search === '' ? where.params : { ...where.params, search } },
  )
  return { values: rows.map(([value, listens]) => ({ value, listens })) }
}
