import { type Static, Type } from 'typebox'
import { fold } from '../listen/fold.ts'
import { askTopCountries } from './countries.ts'
import { type Filter, FilterSchema } from './filter.ts'
import { foldedSql } from './folded.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'
import { askTopListeners } from './top-listeners.ts'

/**
 * What can be counted by: the columns that tell values apart, and what names and finds them in an answer. `any` keeps the
 * engine from searching row by row instead of value by value.
 */
const GROUPS = {
  artist: { columns: ['artist'], value: 'artist', label: "''", search: 'any(artist)' },
  title: { columns: ['title'], value: 'title', label: "''", search: 'any(title)' },
  song: {
    columns: ['title', 'artist'],
    value: 'title',
    label: 'artist',
    search: "concat(any(title), ' ', any(artist))",
  },
  genre: { columns: ['genre'], value: 'genre', label: "''", search: 'any(genre)' },
  platform: { columns: ['platform'], value: 'platform', label: "''", search: 'any(platform)' },
  city: { columns: ['city'], value: 'city', label: "''", search: 'any(city)' },
  mood: { columns: ['mood'], value: 'mood', label: "''", search: 'any(mood)' },
} as const

const BY = [...(Object.keys(GROUPS) as (keyof typeof GROUPS)[]), 'country', 'user'] as const

export const TopQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    by: Type.Enum([...BY], { description: 'What to count listens by; a song is a title of an artist' }),
    order_by: Type.Optional(
      Type.Enum(['plays', 'time'], { default: 'plays', description: 'What the most is the most of' }),
    ),
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'Only values that contain this, whatever its case and accents',
      }),
    ),
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
      code: Type.Optional(
        Type.String({ description: 'ISO 3166 code (alpha-2) of a country, where it is one' }),
      ),
    }),
  ),
})

export type TopQuery = Static<typeof TopQuerySchema>
export type Top = Static<typeof TopSchema>

/** The values of one field with the most listens or the most listening time, most first. */
export async function askTop(source: ListenSource, query: TopQuery & Filter): Promise<Top> {
  const { by, limit = 20 } = query
  const wanted = fold(query.search ?? '').trim()
  const order = query.order_by === 'time' ? 'seconds' : 'listens'
  if (by === 'country') {
    const countries = await askTopCountries(source, query, { order, wanted, limit })
    const answer = answerOf(countries.map(([spelling, , ...counts]) => [spelling, '', ...counts]))
    return {
      values: answer.values.map((value, at) => {
        const code = countries[at]?.[1] ?? null
        return code === null ? value : { ...value, code }
      }),
    }
  }
  if (by === 'user') {
    return answerOf(await askTopListeners(source, query, { order, wanted, limit }))
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
     GROUP BY value${by === 'song' ? ', label' : ''}
     HAVING ${wanted === '' ? '1' : `position(${foldedSql(group.search)}, {wanted:String}) > 0`}
     ORDER BY ${order} DESC, value, label LIMIT ${Number(limit)}`,
    { params: wanted === '' ? listens.params : { ...listens.params, wanted } },
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
