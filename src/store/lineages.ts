import { randomUUID } from 'node:crypto'
import { insertAbsentOffsets } from './absent-offsets.ts'
import { epochStarts, insertEpochStarts } from './leader-epochs.ts'
import type { Store } from './store.ts'

/** A partition whose log lost its tail. */
export interface Truncation {
  partition: number
  /** The first offset that Kafka has given, or will give, to another record. */
  from: number
  /** The offset after the last one that the store had handled. */
  to: number
}

/**
 * The id under which new records of each partition are stored: the topic's own, or that of the latest lineage of a
 * partition whose log lost its tail.
 */
export async function lineagesOf(
  store: Store,
  topicId: string,
  partitions: readonly number[],
): Promise<Map<number, string>> {
  const rows = await store.rows<[number, string]>(
    `SELECT kafka_partition, toString(argMax(lineage_id, (noted_at, lineage_id))) FROM lineages
     WHERE topic_id = {topic:UUID} GROUP BY kafka_partition`,
    { params: { topic: topicId }, newest: true },
  )
  const latest = new Map(rows)
  return new Map(partitions.map((partition) => [partition, latest.get(partition) ?? topicId]))
}

/**
 * Starts a lineage for a partition whose log lost its tail. The listens that the store holds of that tail stay as they
 * are; offsets below it count as handled. The lineage takes effect with the last statement, so a crash before it leaves
 * everything as it was.
 * @param before id under which the partition has been stored so far
 * @returns id under which it is stored from now on
 */
export async function startLineage(
  store: Store,
  topicId: string,
  before: string,
  { partition, from, to }: Truncation,
): Promise<string> {
  const lineage = randomUUID()
  const kept = (await epochStarts(store, new Map([[partition, before]]))).filter((start) => start.from < from)
  await insertEpochStarts(
    store,
    kept.map((start) => ({ ...start, topicId: lineage })),
  )
  if (from > 0) await insertAbsentOffsets(store, lineage, [{ partition, from: 0, to: from }])
  await store.insert(
    {
      table: 'lineages',
      columns: ['topic_id', 'kafka_partition', 'lineage_id', 'first_offset', 'end_offset'],
    },
    [JSON.stringify([topicId, partition, lineage, from, to])],
  )
  return lineage
}
