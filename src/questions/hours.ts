import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import { type Filter, FilterSchema, whereOf } from './filter.ts'
import { ZoneSchema } from './zone.ts'

export const HoursQuerySchema = Type.Object(
  { ...FilterSchema.properties, zone: ZoneSchema },
  { additionalProperties: false },
)

export const HoursSchema = Type.Object({
  cells: Type.Array(
    Type.Object({
      weekday: Type.Integer({ description: '1 is Monday, 7 is Sunday' }),
      hour: Type.Integer({ description: '0 to 23' }),
      listens: Type.Integer(),
      seconds_listened: Type.Number(),
    }),
    { description: 'Every hour of the week' },
  ),
})

export type HoursQuery = Static<typeof HoursQuerySchema>
export type Hours = Static<typeof HoursSchema>

/** How much is played in each hour of the week, by the clock of a zone. */
export async function askHours(store: Store, query: HoursQuery & Filter): Promise<Hours> {
  const { sql, params } = whereOf(query)
  const rows = await store.rows<[number, number, number, number]>(
    `SELECT toDayOfWeek(listened_at, 0, {zone:String}) AS weekday, toHour(listened_at, {zone:String}) AS hour,
       count(), sum(listen_position)
     FROM listens WHERE ${sql} GROUP BY weekday, hour`,
    { params: { ...params, zone: query.zone ?? 'UTC' } },
  )
  const found = new Map(rows.map(([weekday, hour, ...heard]) => [weekday * 24 + hour, heard]))
  return {
    cells: Array.from({ length: 7 * 24 }, (_, at) => {
      const [weekday, hour] = [1 + Math.floor(at / 24), at % 24]
      const [listens, seconds] = found.get(weekday * 24 + hour) ?? [0, 0]
      return { weekday, hour, listens, seconds_listened: seconds }
    }),
  }
}
