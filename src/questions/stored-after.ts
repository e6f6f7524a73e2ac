import type { StoredListen } from '../listen/stored.ts'
import type { Param, Store } from '../store/store.ts'
import { type Filter, whereOf } from './filter.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

/** By topic id: the next offset of each partition. */
export type Offsets = ReadonlyMap<string, readonly number[]>

/** The end of what is stored: of each topic and partition the offset after the last stored one. */
export async function askStoredEnds(store: Store): Promise<Map<string, number[]>> {
  const rows = await store.rows<[string, number, number]>(
    `SELECT toString(topic_id), kafka_partition, max(kafka_offset) + 1
     FROM listens GROUP BY topic_id, kafka_partition`,
  )
  const ends = new Map<string, number[]>()
  for (const [topicId, partition, end] of rows) {
    const offsets = ends.get(topicId) ?? []
    while (offsets.length <= partition) offsets.push(0)
    offsets[partition] = end
    ends.set(topicId, offsets)
  }
  return ends
}

/**
 * What was stored between two positions, the newest first.
 * @param from positions that have been seen; a topic or partition that is absent has not been seen at all
 * @param since milliseconds since 1970; rows stored before are not looked at
 */
export async function askStoredBetween(
  store: Store,
  {
    from,
    to,
    since,
    filter,
    limit,
  }: { from: Offsets; to: Offsets; since: number; filter: Filter; limit: number },
): Promise<StoredListen[]> {
  const where = whereOf(filter)
  const params: Record<string, Param> = { ...where.params, since }
  const within = [...to].map(([topicId, ends], at) => {
    params[`topic${at}`] = topicId
    params[`from${at}`] = ends.map((_, partition) => from.get(topicId)?.[partition] ?? 0)
    params[`to${at}`] = [...ends]
    return `(topic_id = {topic${at}:UUID}
      AND kafka_offset >= {from${at}:Array(UInt64)}[kafka_partition + 1]
      AND kafka_offset < {to${at}:Array(UInt64)}[kafka_partition + 1])`
  })
  if (within.length === 0) return []
  const rows = await store.rows<ListenRow>(
    `SELECT ${LISTEN_COLUMNS} FROM listens
     WHERE stored_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND (${within.join(' OR ')}) AND ${where.sql}
     ORDER BY listened_at DESC, topic_id DESC, kafka_partition DESC, kafka_offset DESC
     LIMIT ${Number(limit)}`,
    { params },
  )
  return rows.map(toListen)
}
