import { insertListens, storedPartitions } from '../store/listens.ts'
import { isRefusal, renewClaim } from '../store/partition-claims.ts'
import type { Store } from '../store/store.ts'
import { type DeliveryOptions, idOf, type Shipment } from './delivery.ts'

/**
 * Stores the listens of a batch in one INSERT (one for each lineage, where a log lost its tail), if its partitions still belong to this process. When an attempt had no
 * answer, the next one first asks what the store holds.
 */
export async function insertBatch(
  shipment: Shipment,
  { store, membership, metrics, log, at }: Required<DeliveryOptions>,
): Promise<void> {
  const { batch, holding, topicIds, claim, startedAt } = shipment
  const storedAt = startedAt / 1000
  shipment.lost = !(await membership.owns(holding))
  if (shipment.lost) return
  if (shipment.attempted) {
    if (claim !== null) await renewClaim(store, claim)
    shipment.rows = await notStored(batch.rows, store, topicIds, storedAt)
  }
  const { rows } = shipment
  if (rows.length === 0) return
  shipment.attempted = true
  at('before_insert')
  const timed = metrics.insertSeconds.startTimer()
  try {
    for (const [topicId, same] of byTopicId(rows, topicIds)) {
      const partitions = [...new Set(same.map(({ record }) => record.partition))]
      const lines = { buffer: batch.lines, spans: same.map(({ line }) => line) }
      await insertListens(
        store,
        { topicId, storedAt },
        lines,
        claim === null ? undefined : { claim, partitions },
      )
    }
  } catch (error) {
    if (!isRefusal(error)) throw error
    log.warn('the store refused a batch: another process has claimed its partitions')
    shipment.lost = true
  }
  timed()
}

/**
 * The rows that an INSERT without an answer did not store. One server stores a batch as a whole or not at all; each
 * shard of a cluster stores its part separately.
 */
async function notStored(
  rows: Shipment['rows'],
  store: Store,
  topicIds: Shipment['topicIds'],
  storedAt: number,
): Promise<Shipment['rows']> {
  const stored = new Set<number>()
  for (const [topicId, same] of byTopicId(rows, topicIds)) {
    const firsts = new Map<number, number>()
    for (const { record } of same)
      if (!firsts.has(record.partition)) firsts.set(record.partition, record.offset)
    for (const partition of await storedPartitions(store, topicId, firsts, storedAt)) stored.add(partition)
  }
  return rows.filter(({ record }) => !stored.has(record.partition))
}

/** Rows by the id under which they are stored: one, unless the log of a partition lost its tail. */
function byTopicId(rows: Shipment['rows'], topicIds: Shipment['topicIds']): Map<string, Shipment['rows']> {
  if (new Set(topicIds.values()).size === 1) return new Map([[[...topicIds.values()][0] ?? '', rows]])
  return Map.groupBy(rows, ({ record }) => idOf(topicIds, record))
}
