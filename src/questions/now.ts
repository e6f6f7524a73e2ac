import { type Static, Type } from 'typebox'
import { dayOf, startOfDay } from '../calendar/day.ts'
import { LONGEST_COUNTED_SECONDS } from '../listen/fields.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { ZoneSchema } from './zone.ts'

export const NowQuerySchema = Type.Object(
  { ...FilterSchema.properties, zone: ZoneSchema },
  { additionalProperties: false },
)

export const NowSchema = Type.Object({
  events_per_minute: Type.Integer({ description: 'Listens stored in the last 60 seconds' }),
  listeners: Type.Integer({ description: 'Different listeners whose plays began in the last 5 minutes' }),
  listens_last_hour: Type.Integer({ description: 'Plays that began in the last hour' }),
  skipped_last_hour: Type.Integer({ description: 'Of those, the skipped ones' }),
  seconds_today: Type.Number({ description: 'Listened since the day began in the zone' }),
})

export type NowQuery = Static<typeof NowQuerySchema>
export type Now = Static<typeof NowSchema>

/** What is listened to at this moment. */
export async function askNow(source: ListenSource, query: NowQuery & Filter): Promise<Now> {
  const { sql, params } = whereOf(query)
  const { zone = 'UTC' } = query
  const [[stored], [begun]] = await Promise.all([
    source.rows<[number]>(
      (from) => `SELECT count() ${from(`stored_at > now64(3) - INTERVAL 60 SECOND AND ${sql}`)}`,
      { params },
    ),
    source.rows<[number, number, number, number]>(
      (from) => `WITH fromUnixTimestamp64Milli({day:Int64}, 'UTC') AS day, now64(3) AS now
       SELECT uniqIf(listener, listened_at > now - INTERVAL 5 MINUTE), countIf(listened_at > now - INTERVAL 1 HOUR),
         countIf(is_skipped AND listened_at > now - INTERVAL 1 HOUR), sumIf(least(listen_position, toFloat64(${LONGEST_COUNTED_SECONDS})), listened_at >= day)
       ${from(`listened_at >= least(day, toDateTime(now - INTERVAL 1 HOUR)) AND listened_at <= now + INTERVAL 1 MINUTE
         AND ${sql}`)}`,
      { params: { ...params, day: startOfDay(dayOf(Date.now(), zone), zone), zone } },
    ),
  ])
  const [listeners = 0, listens = 0, skipped = 0, seconds = 0] = begun ?? []
  return {
    events_per_minute: stored?.[0] ?? 0,
    listeners,
    listens_last_hour: listens,
    skipped_last_hour: skipped,
    seconds_today: seconds,
  }
}
