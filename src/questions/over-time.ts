import { type Static, Type } from 'typebox'
import { bucketsOf, UNITS, type Unit } from '../calendar/buckets.ts'
import { DAY_MS, HOUR_MS } from '../calendar/clock.ts'
import { parseMoment } from '../calendar/moment.ts'
import { Failure } from '../runtime/failure.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { type Cut, counted } from './rollup.ts'
import { ZoneSchema } from './zone.ts'

const STACKED_BY = ['platform', 'genre', 'mood'] as const

export const OverTimeQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    zone: ZoneSchema,
    by: Type.Optional(Type.Enum([...STACKED_BY], { description: 'Tells the values of this field apart' })),
    unit: Type.Optional(
      Type.Enum([...UNITS], { description: 'Length of a bucket; by the length of the range where left out' }),
    ),
  },
  { additionalProperties: false },
)

const HeardSchema = { listens: Type.Integer(), seconds_listened: Type.Number() }

export const OverTimeSchema = Type.Object({
  unit: Type.Enum([...UNITS]),
  buckets: Type.Array(
    Type.Object({
      start: Type.Number({ description: 'Seconds since 1970 (UTC)' }),
      end: Type.Number({ description: 'Where the next one starts' }),
      ...HeardSchema,
      completed: Type.Integer(),
      skipped: Type.Integer(),
    }),
    { description: 'Every bucket of the range, also those in which nothing was played' },
  ),
  series: Type.Array(
    Type.Object({
      value: Type.Union([Type.String(), Type.Null()], { description: 'null stands for all other values' }),
      buckets: Type.Array(Type.Object(HeardSchema), { description: 'One for each of `buckets`' }),
    }),
    { description: 'The values with most listens, and the others; empty without `by`' },
  ),
})

export type OverTimeQuery = Static<typeof OverTimeQuerySchema>
export type OverTime = Static<typeof OverTimeSchema>

const MOST_SERIES = 7
/**
 * The longest range that each unit is chosen for, so that a chart has neither few nor too many bars. An hour more than
 * whole days have, because one of them may have 25.
 */
const LONGEST: readonly (readonly [Unit, number])[] = [
  ['minute', 3 * HOUR_MS],
  ['hour', 3 * DAY_MS + HOUR_MS],
  ['day', 125 * DAY_MS + HOUR_MS],
]
/** A range with more buckets is counted by a coarser unit, or refused if there is none. */
const MOST_BUCKETS = 5_000
const LENGTH_MS = { minute: 60_000, hour: HOUR_MS, day: DAY_MS, month: 28 * DAY_MS } as const

/** The bucket that a time is in: its number from the first one on, or its first day. */
const PIECE: Record<Unit, (time: string) => string> = {
  minute: (time) => `intDiv(toUnixTimestamp(${time}) - {first:Int64}, 60)`,
  hour: (time) => `intDiv(toUnixTimestamp(${time}) - {first:Int64}, 3600)`,
  day: (time) => `toDate(${time}, {zone:String})`,
  month: (time) => `toStartOfMonth(${time}, {zone:String})`,
}

/** The buckets of a range, and how SQL names them. */
interface Cutting {
  unit: Unit
  buckets: OverTime['buckets']
  /** Where the bucket is that SQL calls by this number or day. */
  placeOf(name: number | string): number | undefined
  cut: Cut
  bounds: { zone: string; first: number }
}

type Row = [name: number | string, listens: number, seconds: number, completed: number, skipped: number]

/** How much was played in each minute, hour, day or month of a zone, as a whole and by the values of a field. */
export async function askOverTime(source: ListenSource, query: OverTimeQuery & Filter): Promise<OverTime> {
  const range = await rangeOf(source, query)
  if (range === null) return { unit: query.unit ?? 'day', buckets: [], series: [] }
  const cutting = cutUp(range, unitFor(query.unit, range.to - range.from), query.zone ?? 'UTC')
  const { unit, buckets, placeOf, cut, bounds } = cutting
  const { sql, params } = counted(query, [], cut)
  const rows = await source.rows<Row>(
    (from) =>
      `SELECT at, sum(plays), sum(heard), sum(finished), sum(left_early) FROM ${sql(from)} GROUP BY at`,
    { params: { ...params, ...bounds } },
  )
  for (const [name, listens, seconds_listened, completed, skipped] of rows) {
    const bucket = buckets[placeOf(name) ?? -1]
    if (bucket) Object.assign(bucket, { listens, seconds_listened, completed, skipped })
  }
  return { unit, buckets, series: query.by === undefined ? [] : await seriesOf(source, query, cutting) }
}

function cutUp(range: { from: number; to: number }, unit: Unit, zone: string): Cutting {
  const found = bucketsOf(unit, range, zone, MOST_BUCKETS)
  if (found === null)
    throw new Failure(
      'TOO_MANY_BUCKETS',
      `The range has more than ${MOST_BUCKETS.toLocaleString('en')} months. Choose a shorter one.`,
    )
  const nothing = { listens: 0, seconds_listened: 0, completed: 0, skipped: 0 }
  const places = new Map(found.map(({ day }, at) => [day, at]))
  return {
    unit,
    buckets: found.map(({ start, end }) => ({ start: start / 1000, end: end / 1000, ...nothing })),
    placeOf: (name) => (typeof name === 'number' ? name : places.get(name)),
    cut: { piece: PIECE[unit], ofQuarters: unit !== 'minute' },
    bounds: { zone, first: Math.floor((found[0]?.start ?? 0) / 1000) },
  }
}

async function seriesOf(
  source: ListenSource,
  query: OverTimeQuery & Filter,
  { buckets, placeOf, cut, bounds }: Cutting,
): Promise<OverTime['series']> {
  // `by` is one of a closed set, checked by the schema and again here, because it becomes part of the SQL.
  const column = STACKED_BY.find((name) => name === query.by)
  if (column === undefined) throw new Error(`unknown column ${query.by}`)
  const whole = counted(query, [column])
  const pieces = counted(query, [column], cut)
  const rows = await source.rows<[number | string, string, number, number, number]>(
    (from) => `WITH top AS (
       SELECT ${column} FROM ${whole.sql(from)} GROUP BY ${column} ORDER BY sum(plays) DESC, ${column} LIMIT ${MOST_SERIES}
     )
     SELECT at, if(${column} IN top, ${column}, '') AS value, ${column} IN top AS named, sum(plays), sum(heard)
     FROM ${pieces.sql(from)} GROUP BY at, value, named`,
    { params: { ...whole.params, ...pieces.params, ...bounds } },
  )
  const series = new Map<string | null, OverTime['series'][number] & { total: number }>()
  for (const [at, name, named, listens, seconds] of rows) {
    const value = named ? name : null
    const one = series.get(value) ?? {
      value,
      buckets: buckets.map(() => ({ listens: 0, seconds_listened: 0 })),
      total: 0,
    }
    series.set(value, one)
    one.total += listens
    const bucket = one.buckets[placeOf(at) ?? -1]
    if (bucket) Object.assign(bucket, { listens, seconds_listened: seconds })
  }
  return [...series.values()]
    .sort((a, b) => Number(a.value === null) - Number(b.value === null) || b.total - a.total)
    .map(({ value, buckets: filled }) => ({ value, buckets: filled }))
}

/** The range in milliseconds: as asked, or where it is open, as far as there are listens. */
async function rangeOf(source: ListenSource, query: Filter): Promise<{ from: number; to: number } | null> {
  const from = query.from === undefined ? null : parseMoment(query.from)
  const to = query.to === undefined ? null : parseMoment(query.to)
  if (from !== null) return { from, to: Math.max(from + 1, to ?? Date.now()) }
  const { sql, params } = whereOf(query)
  // One each, which the order of the table finds without reading the rest.
  const end = (order: 'ASC' | 'DESC') =>
    source.rows<[number]>(
      (from) =>
        `SELECT toUnixTimestamp64Milli(listened_at) ${from(sql)} ORDER BY listened_at ${order} LIMIT 1`,
      { params },
    )
  const [[first], [last]] = await Promise.all([end('ASC'), end('DESC')])
  if (first === undefined || last === undefined) return null
  return { from: first[0], to: Math.max(last[0] + 1, to ?? 0) }
}

function unitFor(asked: Unit | undefined, length: number): Unit {
  const fits = LONGEST.find(([, longest]) => length <= longest)?.[0] ?? 'month'
  return asked !== undefined && length / LENGTH_MS[asked] <= MOST_BUCKETS ? asked : fits
}
