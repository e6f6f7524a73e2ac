import { insertListens, storedPartitions } from '../store/listens.ts'
import { isRefusal, renewClaim } from '../store/partition-claims.ts'
import type { Store } from '../store/store.ts'
import type { DeliveryOptions, Shipment } from './delivery.ts'

/**
 * Stores the listens of a batch in one INSERT, if its partitions still belong to this process. When an attempt had no
 * answer, the next one first asks what the store holds.
 */
export async function insertBatch(
  shipment: Shipment,
  { store, membership, metrics, log, at }: Required<DeliveryOptions>,
): Promise<void> {
  const { batch, holding, topicId, claim, startedAt } = shipment
  const mark = { topicId, storedAt: startedAt / 1000 }
  shipment.lost = !(await membership.owns(holding))
  if (shipment.lost) return
  if (shipment.attempted) {
    if (claim !== null) await renewClaim(store, claim)
    shipment.rows = await notStored(batch.rows, store, mark)
  }
  const { rows } = shipment
  if (rows.length === 0) return
  shipment.attempted = true
  const partitions = [...new Set(rows.map(({ record }) => record.partition))]
  at('before_insert')
  const timed = metrics.insertSeconds.startTimer()
  try {
    const lines = { buffer: batch.lines, spans: rows.map(({ line }) => line) }
    await insertListens(store, mark, lines, claim === null ? undefined : { claim, partitions })
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
  { topicId, storedAt }: { topicId: string; storedAt: number },
): Promise<Shipment['rows']> {
  const firsts = new Map<number, number>()
  for (const { record } of rows)
    if (!firsts.has(record.partition)) firsts.set(record.partition, record.offset)
  const stored = await storedPartitions(store, topicId, firsts, storedAt)
  return rows.filter(({ record }) => !stored.has(record.partition))
}
