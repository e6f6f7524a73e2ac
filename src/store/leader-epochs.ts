import type { Store } from './store.ts'

/** Where a leader epoch of a partition begins. */
export interface EpochStart {
  partition: number
  epoch: number
  /** The first offset that was read of it. */
  from: number
}

/** Stores where leader epochs begin. Idempotent. */
export async function insertEpochStarts(
  store: Store,
  starts: readonly (EpochStart & { topicId: string })[],
): Promise<void> {
  await store.insert(
    { table: 'leader_epochs', columns: ['topic_id', 'kafka_partition', 'epoch', 'first_offset'] },
    starts.map(({ topicId, partition, epoch, from }) => JSON.stringify([topicId, partition, epoch, from])),
  )
}

/**
 * Where the known leader epochs of some partitions begin, by rising epoch.
 * @param ids by partition: the id under which it is stored
 */
export async function epochStarts(store: Store, ids: ReadonlyMap<number, string>): Promise<EpochStart[]> {
  const rows = await store.rows<[string, number, number, number]>(
    `SELECT toString(topic_id), kafka_partition, epoch, min(first_offset) FROM leader_epochs
     WHERE topic_id IN {ids:Array(UUID)} GROUP BY topic_id, kafka_partition, epoch ORDER BY epoch`,
    { params: { ids: [...new Set(ids.values())] }, newest: true },
  )
  return rows
    .filter(([id, partition]) => ids.get(partition) === id)
    .map(([, partition, epoch, from]) => ({ partition, epoch, from }))
}
