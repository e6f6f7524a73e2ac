import { type Static, Type } from 'typebox'
import { parseMoment } from '../calendar/moment.ts'
import { TRUTH_FIELDS, type TruthRow, VALUES_FIELDS, type ValuesRow } from '../listen/fields.ts'
import type { Param } from '../store/store.ts'
import { ZoneSchema } from './zone.ts'

/** One value or several; several mean any of them. */
const any = (maxLength: number, description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength }), {
      maxItems: 50,
      description: `${description}; repeatable`,
    }),
  )
const yesOrNo = (description: string) =>
  Type.Optional(
    Type.Array(Type.Union([Type.Literal('true'), Type.Literal('false')]), { maxItems: 2, description }),
  )
const oneOfNumbers = (from: number, to: number, description: string) =>
  Type.Optional(
    Type.Array(Type.Integer({ minimum: from, maximum: to }), {
      maxItems: 50,
      description: `${description}; repeatable`,
    }),
  )
const percent = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 100, description }))
const time = (description: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      description: `${description}; a day or time in ISO 8601, by the clock of \`zone\` unless it has an offset, or seconds since 1970`,
    }),
  )

const values = Object.fromEntries(
  VALUES_FIELDS.map(({ filter, maxLength, label }) => [filter.name, any(maxLength, label)]),
) as { [R in ValuesRow as R['filter']['name']]: ReturnType<typeof any> }
const truths = Object.fromEntries(
  TRUTH_FIELDS.map(({ filter, description }) => [filter.name, yesOrNo(description)]),
) as { [R in TruthRow as R['filter']['name']]: ReturnType<typeof yesOrNo> }

/** The filters that every question takes. Different filters all have to match. */
export const FilterSchema = Type.Object(
  {
    ...values,
    user: any(200, 'Listener, by user_id or name'),
    rating: Type.Optional(
      Type.Array(Type.String({ pattern: '^(none|[0-4](\\.5|\\.0)?|5(\\.0)?)$' }), {
        maxItems: 12,
        description: 'Stars from 0 to 5 in halves, or none; repeatable',
      }),
    ),
    ...truths,
    percent_from: percent('Heard to this percent of the track or further'),
    percent_to: percent('Left before this percent of the track'),
    from: time('Played at this time or later'),
    to: time('Played before this time'),
    weekday: oneOfNumbers(1, 7, 'Weekday on which it was played, 1 is Monday, by the clock of `zone`'),
    hour: oneOfNumbers(0, 23, 'Hour of the day in which it was played, by the clock of `zone`'),
    zone: ZoneSchema,
  },
  { additionalProperties: false },
)

export type Filter = Static<typeof FilterSchema>

/** A part of a WHERE with the values it binds. */
export interface Condition {
  sql: string
  params: Record<string, Param>
}

/** All conditions together; the values that they bind have names of their own. */
export function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    params: Object.assign({}, ...conditions.map(({ params }) => params)),
  }
}

/** The filter as SQL over the table `listens`; `1` where nothing is filtered. `match.ts` has the same rules. */
export function whereOf(filter: Filter): Condition {
  const conditions = [...onFields(filter), ...onPeople(filter), ...onNumbers(filter), ...onTimes(filter)]
  return conditions.length === 0 ? { sql: '1', params: {} } : allOf(conditions)
}

function onFields(filter: Filter): Condition[] {
  const among = VALUES_FIELDS.flatMap(({ column, filter: { name } }) => {
    const wanted = filter[name] ?? []
    return wanted.length === 0
      ? []
      : [{ sql: `${column} IN {${name}:Array(String)}`, params: { [name]: wanted } }]
  })
  const truth = TRUTH_FIELDS.flatMap(({ column, filter: { name } }) => {
    const wanted = new Set(filter[name])
    // Both together leave nothing out.
    return wanted.size === 1 ? [{ sql: wanted.has('true') ? column : `NOT ${column}`, params: {} }] : []
  })
  return [...among, ...truth]
}

function onPeople({ user = [] }: Filter): Condition[] {
  if (user.length === 0) return []
  // By their numbers, which are read in a tenth of the time.
  const asked = '(SELECT cityHash64(arrayJoin({user:Array(String)})))'
  return [{ sql: `(listener IN ${asked} OR listener_name IN ${asked})`, params: { user } }]
}

function onNumbers({ rating = [], percent_from, percent_to }: Filter): Condition[] {
  const conditions: Condition[] = []
  // No rating is kept as NULL, which IN never finds.
  if (rating.length > 0)
    conditions.push({
      sql: 'ifNull(rating, -1) IN {rating:Array(Float32)}',
      params: { rating: rating.map((stars) => (stars === 'none' ? -1 : Number(stars))) },
    })
  // As exact as the column: 33.3 with more digits is another number.
  if (percent_from !== undefined)
    conditions.push({ sql: 'percent_listened >= {percent_from:Float32}', params: { percent_from } })
  if (percent_to !== undefined)
    conditions.push({ sql: 'percent_listened < {percent_to:Float32}', params: { percent_to } })
  return conditions
}

function onTimes({ weekday = [], hour = [], zone = 'UTC', from, to }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (weekday.length > 0)
    conditions.push({
      sql: 'toDayOfWeek(listened_at, 0, {zone:String}) IN {weekday:Array(UInt8)}',
      params: { weekday, zone },
    })
  if (hour.length > 0)
    conditions.push({
      sql: 'toHour(listened_at, {zone:String}) IN {hour:Array(UInt8)}',
      params: { hour, zone },
    })
  const first = from === undefined ? null : parseMoment(from)
  if (first !== null)
    conditions.push({
      sql: "listened_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')",
      params: { from: first },
    })
  const end = to === undefined ? null : parseMoment(to)
  if (end !== null)
    conditions.push({ sql: "listened_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')", params: { to: end } })
  return conditions
}
