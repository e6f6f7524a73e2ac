import { type Static, Type } from 'typebox'
import { VALUES_FIELDS, type ValuesRow } from '../listen/fields.ts'
import { fold } from '../listen/fold.ts'
import { askTopCountries } from './countries.ts'
import { type Filter, FilterSchema } from './filter.ts'
import { foldedSql } from './folded.ts'
import type { ListenSource } from './listen-source.ts'
import { type CountedBy, counted } from './rollup.ts'
import { askTopListeners } from './top-listeners.ts'

/** A text that is counted by itself; countries are counted by code. */
type PlainRow = Exclude<ValuesRow, { path: 'location.country' }>

interface Group {
  /** The columns that tell values apart. */
  columns: readonly CountedBy[]
  value: string
  label: string
  /** What finds a value. `any` keeps the engine from searching row by row instead of value by value. */
  search: string
  /** Leaves listens out that have no value. */
  known: string
}

/** What can be counted by. */
const GROUPS = {
  ...(Object.fromEntries(
    VALUES_FIELDS.filter((field): field is PlainRow => field.path !== 'location.country').map(groupOf),
  ) as Record<PlainRow['filter']['name'], Group>),
  song: {
    columns: ['title', 'artist'],
    value: 'title',
    label: 'artist',
    search: "concat(any(title), ' ', any(artist))",
    known: '1',
  } satisfies Group,
}

function groupOf({ filter: { name }, presence }: PlainRow): [string, Group] {
  const known = presence === 'extra' ? "value != ''" : '1'
  return [name, { columns: [name], value: name, label: "''", search: `any(${name})`, known }]
}

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
     HAVING ${group.known} AND ${wanted === '' ? '1' : `position(${foldedSql(group.search)}, {wanted:String}) > 0`}
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
