import { type Static, Type } from 'typebox'
import type { StoredListen } from '../listen/stored.ts'
import type { Param } from '../store/store.ts'
import { ZoneSchema, zonedHour } from './zone.ts'

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
      description: `${description}; ISO 8601 or seconds since 1970`,
    }),
  )

/** The filters that every question takes. Different filters all have to match. */
export const FilterSchema = Type.Object(
  {
    title: any(500, 'Title'),
    artist: any(500, 'Artist'),
    genre: any(100, 'Genre'),
    platform: any(100, 'Platform'),
    country: any(100, 'Country'),
    city: any(200, 'City'),
    mood: any(100, 'Mood'),
    user: any(200, 'Listener, by user_id or name'),
    rating: Type.Optional(
      Type.Array(Type.String({ pattern: '^(none|[0-4](\\.5|\\.0)?|5(\\.0)?)$' }), {
        maxItems: 12,
        description: 'Stars from 0 to 5 in halves, or none; repeatable',
      }),
    ),
    skipped: yesOrNo('Whether the listener left before the end'),
    completed: yesOrNo('Whether it was heard to at least 80 %'),
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

/** Reads a time of a filter: ISO 8601 or seconds since 1970. @returns milliseconds since 1970, or null */
export function parseTime(text: string): number | null {
  const milliseconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  // What DateTime64 can hold.
  return Number.isFinite(milliseconds) && milliseconds >= -2e12 && milliseconds < 1e13
    ? Math.round(milliseconds)
    : null
}

const EQUAL_TO = {
  title: 'title',
  artist: 'artist',
  genre: 'genre',
  platform: 'platform',
  country: 'country',
  city: 'city',
  mood: 'mood',
} as const

const ON_THE_CLOCK = {
  weekday: 'toDayOfWeek(listened_at, 0, {zone:String})',
  hour: 'toHour(listened_at, {zone:String})',
} as const

/** The filter as SQL over the table `listens`; `1` where nothing is filtered. */
export function whereOf(filter: Filter): Condition {
  const parts: string[] = []
  const params: Record<string, Param> = {}
  for (const [name, column] of Object.entries(EQUAL_TO)) {
    const values = filter[name as keyof typeof EQUAL_TO]
    if (values === undefined || values.length === 0) continue
    parts.push(`${column} IN {${name}:Array(String)}`)
    params[name] = values
  }
  if (filter.user !== undefined && filter.user.length > 0) {
    // By their numbers, which are read in a tenth of the time.
    const asked = '(SELECT cityHash64(arrayJoin({user:Array(String)})))'
    parts.push(`(listener IN ${asked} OR listener_name IN ${asked})`)
    params['user'] = filter.user
  }
  if (filter.rating !== undefined && filter.rating.length > 0) {
    // None is kept as NULL, which IN never finds.
    parts.push('ifNull(rating, -1) IN {rating:Array(Float32)}')
    params['rating'] = filter.rating.map((stars) => (stars === 'none' ? -1 : Number(stars)))
  }
  for (const [name, column] of [
    ['skipped', 'is_skipped'],
    ['completed', 'completed'],
  ] as const) {
    const values = new Set(filter[name])
    // Both together leave nothing out.
    if (values.size === 1) parts.push(values.has('true') ? column : `NOT ${column}`)
  }
  for (const [name, comparison] of [
    ['percent_from', '>='],
    ['percent_to', '<'],
  ] as const) {
    const limit = filter[name]
    if (limit === undefined) continue
    // As exact as the column: 33.3 of more digits is another number.
    parts.push(`percent_listened ${comparison} {${name}:Float32}`)
    params[name] = limit
  }
  for (const [name, of] of Object.entries(ON_THE_CLOCK)) {
    const values = filter[name as keyof typeof ON_THE_CLOCK]
    if (values === undefined || values.length === 0) continue
    parts.push(`${of} IN {${name}:Array(UInt8)}`)
    params[name] = values
    params['zone'] = filter.zone ?? 'UTC'
  }
  for (const [name, comparison] of [
    ['from', '>='],
    ['to', '<'],
  ] as const) {
    const text = filter[name]
    const at = text === undefined ? null : parseTime(text)
    if (at === null) continue
    parts.push(`listened_at ${comparison} fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`)
    params[name] = at
  }
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), params }
}

/** Whether a listen passes the filter: the same rules as {@link whereOf}, for the live feed. */
export function matches(filter: Filter, listen: StoredListen): boolean {
  const oneOf = (values: readonly string[] | undefined, ...actual: string[]) =>
    values === undefined || values.length === 0 || actual.some((value) => values.includes(value))
  const stars = filter.rating?.map((value) => (value === 'none' ? null : Number(value)))
  const from = filter.from === undefined ? null : parseTime(filter.from)
  const to = filter.to === undefined ? null : parseTime(filter.to)
  const at = Math.round(listen.timestamp * 1000)
  const { percent_from: least = 0, percent_to: most = Number.POSITIVE_INFINITY } = filter
  return (
    oneOf(filter.title, listen.title) &&
    oneOf(filter.artist, listen.artist) &&
    oneOf(filter.genre, listen.genre) &&
    oneOf(filter.platform, listen.platform) &&
    oneOf(filter.country, listen.location.country) &&
    oneOf(filter.city, listen.location.city) &&
    oneOf(filter.mood, listen.mood) &&
    oneOf(filter.user, listen.user_id, listen.name) &&
    (stars === undefined || stars.length === 0 || stars.includes(listen.rating)) &&
    oneOf(filter.skipped, String(listen.is_skipped)) &&
    oneOf(filter.completed, String(listen.completed)) &&
    listen.percent_listened >= least &&
    listen.percent_listened < most &&
    (from === null || at >= from) &&
    (to === null || at < to) &&
    isAtHour(filter, at)
  )
}

function isAtHour({ weekday = [], hour = [], zone = 'UTC' }: Filter, at: number): boolean {
  if (weekday.length + hour.length === 0) return true
  const clock = zonedHour(at, zone)
  return (
    (weekday.length === 0 || weekday.includes(clock.weekday)) &&
    (hour.length === 0 || hour.includes(clock.hour))
  )
}
