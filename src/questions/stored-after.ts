import type { StoredListen } from '../listen/stored.ts'
import type { Param } from '../store/store.ts'
import type { ListenSource } from './listen-source.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

/** By topic id: the next offset of each partition. */
export type Offsets = ReadonlyMap<string, readonly number[]>

/** The end of what is stored. */
export interface StoredEnds {
  /** Of each topic and partition the offset after the last stored one. */
  next: Offsets
  /** How many listens are stored up to there. */
  rows: number
}

export async function askStoredEnds(source: ListenSource): Promise<StoredEnds> {
  const rows = await source.rows<[string, number, number, number]>(
    (from) => `SELECT toString(topic_id), kafka_partition, max(kafka_offset) + 1, count()
     ${from()} GROUP BY topic_id, kafka_partition`,
  )
  const next = new Map<string, number[]>()
  let total = 0
  for (const [topicId, partition, end, count] of rows) {
    const offsets = next.get(topicId) ?? []
    while (offsets.length <= partition) offsets.push(0)
    offsets[partition] = end
    next.set(topicId, offsets)
    total += count
  }
  return { next, rows: total }
}

/** Milliseconds that are looked back further when rows are missing; what is stored long after its time is rare. */
const LOOK_BACK_MS = [0, 5 * 60_000, 24 * 3_600_000, Number.POSITIVE_INFINITY]

/**
 * What was stored between two positions, the newest first.
 *
 * The offsets alone say which rows these are; `since` spares the store from looking at all the others. It is a guess,
 * because `stored_at` is by the clock of the process that stored the row, and that may be wrong, and the INSERT may
 * have taken long. So the rows are counted, and where some are missing the store looks further back.
 * @param from what has been seen; a topic or partition that is absent has not been seen at all
 * @param since milliseconds since 1970 from which on the rows are likely to be
 */
export async function askStoredBetween(
  source: ListenSource,
  { from, to, since, limit }: { from: StoredEnds; to: StoredEnds; since: number; limit: number },
): Promise<StoredListen[]> {
  const expected = Math.min(limit, to.rows - from.rows)
  let listens: StoredListen[] = []
  for (const back of LOOK_BACK_MS) {
    listens = await askSince(source, {
      from: from.next,
      to: to.next,
      since: Math.max(0, since - back),
      limit,
    })
    if (listens.length >= expected) break
  }
  return listens
}

async function askSince(
  source: ListenSource,
  { from, to, since, limit }: { from: Offsets; to: Offsets; since: number; limit: number },
): Promise<StoredListen[]> {
  const params: Record<string, Param> = { since }
  const within = [...to].map(([topicId, ends], at) => {
    params[`topic${at}`] = topicId
    params[`from${at}`] = ends.map((_, partition) => from.get(topicId)?.[partition] ?? 0)
    params[`to${at}`] = [...ends]
    return `(topic_id = {topic${at}:UUID}
      AND kafka_offset >= {from${at}:Array(UInt64)}[kafka_partition + 1]
      AND kafka_offset < {to${at}:Array(UInt64)}[kafka_partition + 1])`
  })
  if (within.length === 0) return []
  const rows = await source.rows<ListenRow>(
    (from) => `SELECT ${LISTEN_COLUMNS}
     ${from(`stored_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND (${within.join(' OR ')})`)}
     ORDER BY listened_at DESC, topic_id DESC, kafka_partition DESC, kafka_offset DESC
     LIMIT ${Number(limit)}`,
    { params },
  )
  return rows.map((row) => toListen(source.scope, row))
}
