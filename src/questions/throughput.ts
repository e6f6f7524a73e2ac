import { type Static, Type } from 'typebox'
import { parseMoment } from '../calendar/moment.ts'
import type { Store } from '../store/store.ts'
import { FilterSchema } from './filter.ts'

export const ThroughputQuerySchema = Type.Object(
  { from: FilterSchema.properties.from, to: FilterSchema.properties.to },
  { additionalProperties: false },
)

export const ThroughputSchema = Type.Object({
  minutes: Type.Array(
    Type.Object({
      minute: Type.Integer({ description: 'Seconds since 1970 at its beginning' }),
      read: Type.Integer(),
      read_bytes: Type.Integer(),
      stored: Type.Integer(),
      dead_lettered: Type.Integer(),
      skipped: Type.Integer({ description: 'Read again and skipped, because they were stored' }),
      lag_offsets: Type.Integer({
        description: 'Records not stored, the most of the minute; over all processes',
      }),
      lag_seconds: Type.Number({ description: 'Age of the oldest record not stored' }),
    }),
  ),
})

export type ThroughputQuery = Static<typeof ThroughputQuerySchema>
export type ThroughputAnswer = Static<typeof ThroughputSchema>

const DAY_MS = 86_400_000
/** A week of minutes. */
const MOST = 7 * 24 * 60

/** Lag and throughput by the minute, oldest first; of the last day unless `from` and `to` say otherwise. */
export async function askThroughput(store: Store, query: ThroughputQuery): Promise<ThroughputAnswer> {
  const to = (query.to === undefined ? null : parseMoment(query.to)) ?? Date.now() + 1
  const from = (query.from === undefined ? null : parseMoment(query.from)) ?? to - DAY_MS
  const rows = await store.rows<[number, number, number, number, number, number, number, number]>(
    `SELECT toUnixTimestamp(minute) AS begun, sum(of.1), sum(of.2), sum(of.3), sum(of.4), sum(of.5), sum(of.6), max(of.7)
     FROM (
       SELECT toStartOfMinute(at) AS minute, process_id,
         (sum(read), sum(read_bytes), sum(stored), sum(dead_lettered), sum(skipped), max(lag_offsets), max(lag_seconds)) AS of
       FROM throughput_history
       WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
       GROUP BY minute, process_id
     )
     GROUP BY minute ORDER BY minute DESC LIMIT ${MOST}`,
    { params: { from, to } },
  )
  return {
    minutes: rows
      .map(([minute, read, read_bytes, stored, dead_lettered, skipped, lag_offsets, lag_seconds]) => ({
        minute,
        read,
        read_bytes,
        stored,
        dead_lettered,
        skipped,
        lag_offsets,
        lag_seconds,
      }))
      .reverse(),
  }
}
