import { type Static, Type } from 'typebox'
import { type Filter, FilterSchema } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'
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

const HOUR_OF_WEEK = {
  piece: (time: string) => `toDayOfWeek(${time}, 0, {zone:String}) * 24 + toHour(${time}, {zone:String})`,
  ofQuarters: true,
}

/** How much is played in each hour of the week, by the clock of a zone. */
export async function askHours(source: ListenSource, query: HoursQuery & Filter): Promise<Hours> {
  const { sql, params } = counted(query, [], HOUR_OF_WEEK)
  const rows = await source.rows<[number, number, number]>(
    (from) => `SELECT at, sum(plays), sum(heard) FROM ${sql(from)} GROUP BY at`,
    { params: { ...params, zone: query.zone ?? 'UTC' } },
  )
  const found = new Map(rows.map(([at, ...heard]) => [at, heard]))
  return {
    cells: Array.from({ length: 7 * 24 }, (_, at) => {
      const [weekday, hour] = [1 + Math.floor(at / 24), at % 24]
      const [listens, seconds] = found.get(weekday * 24 + hour) ?? [0, 0]
      return { weekday, hour, listens, seconds_listened: seconds }
    }),
  }
}
