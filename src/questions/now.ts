import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'
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
export async function askNow(store: Store, query: NowQuery & Filter): Promise<Now> {
  const { sql, params } = whereOf(query)
  const [[stored], [begun]] = await Promise.all([
    store.rows<[number]>(
      `SELECT count() FROM listens WHERE stored_at > now64(3) - INTERVAL 60 SECOND AND ${sql}`,
      {
        params,
      },
    ),
    store.rows<[number, number, number, number]>(
      `WITH toStartOfDay(now(), {zone:String}) AS day, now64(3) AS now
       SELECT uniqIf(listener, listened_at > now - INTERVAL 5 MINUTE), countIf(listened_at > now - INTERVAL 1 HOUR),
         countIf(is_skipped AND listened_at > now - INTERVAL 1 HOUR), sumIf(listen_position, listened_at >= day)
       FROM listens
       WHERE listened_at >= least(day, toDateTime(now - INTERVAL 1 HOUR)) AND listened_at <= now + INTERVAL 1 MINUTE
         AND ${sql}`,
      { params: { ...params, zone: query.zone ?? 'UTC' } },
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
