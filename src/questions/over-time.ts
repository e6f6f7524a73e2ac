import { type Static, Type } from 'typebox'
import { parseTime } from '../listen/parse-time.ts'
import type { Param } from '../store/store.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { type Cut, counted } from './rollup.ts'
import { ZoneSchema } from './zone.ts'

const STACKED_BY = ['platform', 'genre', 'mood'] as const
const UNITS = ['minute', 'hour', 'day', 'month'] as const
type Unit = (typeof UNITS)[number]

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

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MOST_SERIES = 7
/**
 * Up to which length of the range each unit serves, so that there are bars enough to see something and not too many. An
 * hour more than whole days have, because one of them may have 25.
 */
const LONGEST: readonly (readonly [Unit, number])[] = [
  ['minute', 3 * HOUR_MS],
  ['hour', 3 * DAY_MS + HOUR_MS],
  ['day', 125 * DAY_MS + HOUR_MS],
]
/** A range of more buckets is refused a finer unit than this many allow. */
const MOST_BUCKETS = 5_000
const LENGTH_MS = { minute: 60_000, hour: HOUR_MS, day: DAY_MS, month: 28 * DAY_MS } as const

const moment = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`
const FIRST_HOUR = `toUnixTimestamp(toStartOfHour(${moment('range_from')}, {zone:String}))`

/** What names the bucket that a time is in: a moment, or where it is a day or longer, its first day. */
const NAME: Record<Unit, (time: string) => string> = {
  minute: (time) => `toStartOfMinute(${time}, {zone:String})`,
  // Counted from the first one: where a clock is changed by half an hour, the engine's own hours begin at another minute
  // on the next day, between those that it fills in.
  hour: (time) =>
    `toDateTime(${FIRST_HOUR} + 3600 * intDiv(toUnixTimestamp(${time}) - ${FIRST_HOUR}, 3600), {zone:String})`,
  day: (time) => `toDate(${time}, {zone:String})`,
  month: (time) => `toStartOfMonth(${time}, {zone:String})`,
}

// By way of noon, which every day has: there are days without a midnight, on which the clock is put forward then.
const midnight = (day: string) =>
  `toStartOfDay(toDateTime(${day}, {zone:String}) + INTERVAL 12 HOUR, {zone:String})`
const itself = (moment: string) => moment
/** When a bucket begins, by its name. */
const START: Record<Unit, (name: string) => string> = {
  minute: itself,
  hour: itself,
  day: midnight,
  month: midnight,
}

type Row = [start: number, end: number, listens: number, seconds: number, completed: number, skipped: number]

/** How much was played in each minute, hour, day or month of a zone, whole and told apart by a field. */
export async function askOverTime(source: ListenSource, query: OverTimeQuery & Filter): Promise<OverTime> {
  const { zone = 'UTC', by } = query
  const range = await rangeOf(source, query)
  if (range === null) return { unit: query.unit ?? 'day', buckets: [], series: [] }
  const unit = unitFor(query.unit, range.to - range.from)
  const cut = { piece: NAME[unit], ofQuarters: unit !== 'minute' }
  const { sql, params } = counted(query, [], cut)
  const bounds = { zone, range_from: range.from, range_to: range.to }
  // Filled in the engine, which knows the zone's calendar: a day may have 23 hours.
  const start = (name: string) => `toUnixTimestamp(${START[unit](name)})`
  const rows = await source.rows<Row>(
    (
      from,
    ) => `SELECT ${start('at')}, ${start(`at + INTERVAL 1 ${unit}`)}, listens, seconds, completed, skipped
     FROM (
       SELECT at, sum(plays) AS listens, sum(heard) AS seconds, sum(finished) AS completed, sum(left_early) AS skipped
       FROM ${sql(from)}
       GROUP BY at
       ORDER BY at WITH FILL FROM ${NAME[unit](moment('range_from'))}
         TO ${NAME[unit](`${moment('range_to')} - INTERVAL 1 MILLISECOND`)} + INTERVAL 1 ${unit} STEP INTERVAL 1 ${unit}
     )`,
    { params: { ...params, ...bounds } },
  )
  const buckets = rows.map(([from, end, listens, seconds, completed, skipped]) => ({
    start: from,
    end,
    listens,
    seconds_listened: seconds,
    completed,
    skipped,
  }))
  return {
    unit,
    buckets,
    series: by === undefined ? [] : await seriesOf(source, query, unit, cut, bounds, buckets),
  }
}

async function seriesOf(
  source: ListenSource,
  query: OverTimeQuery & Filter,
  unit: Unit,
  cut: Cut,
  bounds: Record<string, Param>,
  buckets: OverTime['buckets'],
): Promise<OverTime['series']> {
  // `by` is one of a closed set, checked by the schema and again here, because it becomes part of the SQL.
  const column = STACKED_BY.find((name) => name === query.by)
  if (column === undefined) throw new Error(`unknown column ${query.by}`)
  const whole = counted(query, [column])
  const pieces = counted(query, [column], cut)
  const rows = await source.rows<[number, string, number, number, number]>(
    (from) => `WITH top AS (
       SELECT ${column} FROM ${whole.sql(from)} GROUP BY ${column} ORDER BY sum(plays) DESC, ${column} LIMIT ${MOST_SERIES}
     )
     SELECT toUnixTimestamp(${START[unit]('bucket')}), value, named, listens, seconds
     FROM (
       SELECT at AS bucket, if(${column} IN top, ${column}, '') AS value, ${column} IN top AS named,
         sum(plays) AS listens, sum(heard) AS seconds
       FROM ${pieces.sql(from)} GROUP BY bucket, value, named
     )`,
    { params: { ...whole.params, ...pieces.params, ...bounds } },
  )
  const place = new Map(buckets.map((bucket, at) => [bucket.start, at]))
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
    const bucket = one.buckets[place.get(at) ?? -1]
    if (bucket) Object.assign(bucket, { listens, seconds_listened: seconds })
  }
  return [...series.values()]
    .sort((a, b) => Number(a.value === null) - Number(b.value === null) || b.total - a.total)
    .map(({ value, buckets: filled }) => ({ value, buckets: filled }))
}

/** The range in milliseconds: as asked, or where it is open, as far as there are listens. */
async function rangeOf(source: ListenSource, query: Filter): Promise<{ from: number; to: number } | null> {
  const from = query.from === undefined ? null : parseTime(query.from)
  const to = query.to === undefined ? null : parseTime(query.to)
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
