import { parseMoment } from '../calendar/moment.ts'
import { LONGEST_COUNTED_SECONDS, VALUES_FIELDS, type ValuesRow } from '../listen/fields.ts'
import { type Condition, type Filter, FilterSchema, whereOf } from './filter.ts'
import type { From } from './listen-source.ts'

/** What listens can be counted by, in SQL over the table `listens`. */
const COLUMNS = {
  ...(Object.fromEntries(VALUES_FIELDS.map(({ filter, column }) => [filter.name, column])) as Readonly<
    Record<ValuesRow['filter']['name'], string>
  >),
  rating: 'rating',
  percent: 'floor(percent_listened)',
}

export type CountedBy = keyof typeof COLUMNS

const GRAINS = {
  quarter: { ms: 900_000, start: 'toStartOfFifteenMinutes(listened_at)' },
  day: { ms: 86_400_000, start: 'toStartOfDay(listened_at)' },
} as const

interface Rollup {
  grain: keyof typeof GRAINS
  columns: readonly CountedBy[]
  /** Whether it holds who listened, too. */
  who?: true
}

/** What `schema/010_rollups.sql` and `015_listeners.sql` keep in each part, the smallest first. */
const ROLLUPS: readonly Rollup[] = [
  { grain: 'quarter', columns: [] },
  { grain: 'day', columns: [], who: true },
  { grain: 'day', columns: ['rating'] },
  { grain: 'day', columns: ['percent'] },
  { grain: 'day', columns: ['mood', 'genre'] },
  { grain: 'day', columns: ['country', 'city'] },
  { grain: 'quarter', columns: ['platform'] },
  { grain: 'quarter', columns: ['mood'] },
  { grain: 'quarter', columns: ['genre'] },
  { grain: 'day', columns: ['artist'] },
  { grain: 'day', columns: ['artist', 'title'] },
]

/**
 * SQL of the seconds listened. Stores of earlier versions may hold positions whose sum is infinite; no sum is more than
 * the longest track times the plays. The sum itself stays as the rollups have it.
 */
export const SECONDS_HEARD = `least(sum(listen_position), ${LONGEST_COUNTED_SECONDS} * toFloat64(count()))`

const MEASURES = `count() AS plays, ${SECONDS_HEARD} AS heard, countIf(completed) AS finished,
  countIf(is_skipped) AS left_early`

/** What different listeners can be counted from, whichever days and rows they are spread over. */
const WHO = 'uniqCombinedState(listener) AS who'

/** How time is cut: the hours of a zone, say. */
export interface Cut {
  /** SQL of the piece that a time is in. */
  piece: (time: string) => string
  /** Whether each piece is made of whole quarters of an hour. */
  ofQuarters: boolean
}

/** Counted listens to select from, with the values that the SQL binds. */
export interface Counted {
  sql: (from: From) => string
  params: Condition['params']
}

/**
 * The listens of a filter, counted: SQL to select from, with a column for each of `by`, with `at` where time is cut, and with
 * `plays`, `heard` (seconds), `finished` and `left_early`, which are to be summed. Where a rollup holds all that is named, the whole
 * quarters or days of the range come from it, and what the range cuts off at its ends from the rows; otherwise all of it
 * comes from the rows.
 * @param and what else is counted: `who`, states to be merged by `uniqCombinedMerge`
 */
export function counted(filter: Filter, by: readonly CountedBy[], cut?: Cut, and?: 'who'): Counted {
  const groups = [...by, ...(cut === undefined ? [] : ['at'])]
  const select = (from: From, where: string, time = 'listened_at') => {
    const columns = by.map((name) => `${COLUMNS[name]} AS ${name}`)
    if (cut !== undefined) columns.push(`${cut.piece(time)} AS at`)
    const grouped = groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`
    const measures = and === undefined ? MEASURES : `${MEASURES}, ${WHO}`
    return `SELECT ${[...columns, measures].join(', ')} ${from(where)} ${grouped}`
  }
  const all = whereOf(filter)
  const rollup = rollupFor(filter, by, cut, and)
  const range = rollup && wholeOf(filter, GRAINS[rollup.grain].ms)
  if (!rollup || !range) return { sql: (from) => `(${select(from, all.sql)})`, params: all.params }

  const { start } = GRAINS[rollup.grain]
  const { from: _from, to: _to, ...others } = filter
  const rest = whereOf(others).sql
  const params = { ...all.params }
  const whole = [rest]
  const ends: string[] = []
  // Named after the grain, so that two of them can stand in one query.
  const moment = (name: string, seconds: number) => {
    params[`${name}_${rollup.grain}`] = seconds
    return `toDateTime({${name}_${rollup.grain}:UInt32}, 'UTC')`
  }
  if (range.first !== undefined) {
    const first = moment('first', range.first)
    whole.push(`${start} >= ${first}`)
    ends.push(
      `${rest} AND listened_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND listened_at < ${first}`,
    )
  }
  if (range.end !== undefined) {
    const end = moment('end', range.end)
    whole.push(`${start} < ${end}`)
    ends.push(
      `${rest} AND listened_at >= ${end} AND listened_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`,
    )
  }
  return {
    sql: (from) => {
      const parts = [select(from, whole.join(' AND '), start), ...ends.map((where) => select(from, where))]
      return `(${parts.join(' UNION ALL ')})`
    },
    params,
  }
}

/** The smallest rollup that holds all that is asked for. */
function rollupFor(filter: Filter, by: readonly CountedBy[], cut?: Cut, and?: 'who'): Rollup | undefined {
  if (cut !== undefined && !cut.ofQuarters) return undefined
  const used = Object.keys(FilterSchema.properties).filter(
    (name) => !NOT_COLUMNS.has(name) && isGiven(filter[name as keyof Filter]),
  )
  return ROLLUPS.find(
    ({ grain, columns, who }) =>
      (cut === undefined || grain === 'quarter') &&
      (and === undefined || who === true) &&
      [...used, ...by].every((name) => (columns as readonly string[]).includes(name)),
  )
}

const NOT_COLUMNS = new Set(['from', 'to', 'zone'])
const isGiven = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined)

/** The last second that a DateTime of the engine holds; no listen is later, nor is one earlier than 1970. */
const LAST_MS = 4_294_967_295_000

/** The whole quarters or days of a filter's range, in seconds since 1970; open where the range is; null where there are none. */
function wholeOf(filter: Filter, grain: number): { first?: number; end?: number } | null {
  const from = Math.max(0, (filter.from === undefined ? null : parseMoment(filter.from)) ?? 0)
  const to = Math.min(LAST_MS, (filter.to === undefined ? null : parseMoment(filter.to)) ?? LAST_MS)
  const first = Math.ceil(from / grain) * grain
  const end = to === LAST_MS ? LAST_MS : Math.floor(to / grain) * grain
  if (first >= end) return null
  return {
    ...(from === 0 ? {} : { first: first / 1000 }),
    ...(to === LAST_MS ? {} : { end: end / 1000 }),
  }
}
