import { type Static, Type } from 'typebox'
import { type Filter, FilterSchema } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'
import { askTopListeners } from './top-listeners.ts'

/** What can be counted by: the columns that tell values apart, and what names and finds them. */
const GROUPS = {
  artist: { columns: ['artist'], value: 'artist', label: "''", search: 'artist' },
  title: { columns: ['title'], value: 'title', label: "''", search: 'title' },
  song: {
    columns: ['title', 'artist'],
    value: 'title',
    label: 'artist',
    search: "concat(title, ' ', artist)",
  },
  genre: { columns: ['genre'], value: 'genre', label: "''", search: 'genre' },
  platform: { columns: ['platform'], value: 'platform', label: "''", search: 'platform' },
  country: { columns: ['country'], value: 'country', label: "''", search: 'country' },
  city: { columns: ['city'], value: 'city', label: "''", search: 'city' },
  mood: { columns: ['mood'], value: 'mood', label: "''", search: 'mood' },
} as const

const BY = [...(Object.keys(GROUPS) as (keyof typeof GROUPS)[]), 'user'] as const

export const TopQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    by: Type.Enum([...BY], { description: 'What to count listens by; a song is a title of an artist' }),
    order_by: Type.Optional(
      Type.Enum(['plays', 'time'], { default: 'plays', description: 'What the most is the most of' }),
    ),
    search: Type.Optional(Type.String({ maxLength: 200, description: 'Only values that contain this' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 20 })),
  },
  { additionalProperties: false },
)

export const TopSchema = Type.Object({
  values: Type.Array(
    Type.Object({
      value: Type.String(),
      label: Type.String({ description: 'The artist of a song, the name of a listener; empty otherwise' }),
      listens: Type.Integer(),
      seconds_listened: Type.Number(),
      completed: Type.Integer(),
      skipped: Type.Integer(),
    }),
  ),
})

export type TopQuery = Static<typeof TopQuerySchema>
export type Top = Static<typeof TopSchema>

/** The values of one field with the most listens or the most listening time, most first. */
export async function askTop(source: ListenSource, query: TopQuery & Filter): Promise<Top> {
  const { by, search = '', limit = 20 } = query
  if (by === 'user') {
    const order = query.order_by === 'time' ? 'seconds' : 'listens'
    return answerOf(await askTopListeners(source, query, { order, search, limit }))
  }
  // `by` is one of a closed set, checked by the schema and again here, because it becomes part of the SQL.
  if (!Object.hasOwn(GROUPS, by)) throw new Error(`unknown column ${by}`)
  const group = GROUPS[by]
  const listens = counted(query, group.columns)
  const rows = await source.rows<Row>(
    (
      from,
    ) => `SELECT ${group.value} AS value, ${group.label} AS label, sum(plays) AS listens, sum(heard) AS seconds,
       sum(finished), sum(left_early)
     FROM ${listens.sql(from)}
     WHERE ${search === '' ? '1' : `positionCaseInsensitiveUTF8(${group.search}, {search:String}) > 0`}
     GROUP BY value${by === 'song' ? ', label' : ''}
     ORDER BY ${query.order_by === 'time' ? 'seconds' : 'listens'} DESC, value, label LIMIT ${Number(limit)}`,
    { params: search === '' ? listens.params : { ...listens.params, search } },
  )
  return answerOf(rows)
}

type Row = [
  value: string,
  label: string,
  listens: number,
  seconds: number,
  completed: number,
  skipped: number,
]

function answerOf(rows: readonly Row[]): Top {
  return {
    values: rows.map(([value, label, listens, seconds, completed, skipped]) => ({
      value,
      label,
      listens,
      seconds_listened: seconds,
      completed,
      skipped,
    })),
  }
}
