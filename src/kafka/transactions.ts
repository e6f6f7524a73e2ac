import { firstKeyOf } from './batch-reader.ts'
import type { RecordBatch } from './record-batch.ts'

/** An aborted transaction, as the broker reports it with the batches that hold records of it. */
export interface AbortedTransaction {
  producerId: number
  firstOffset: number
}

/** Type of the marker of an aborted transaction (Kafka protocol, "Control Batches"). */
const ABORT = 0

/**
 * Leaves out the records of aborted transactions, and the markers. Where a transaction ends outside of these batches, all of its
 * records here are left out: the broker names no transaction that may still be committed.
 * @param batches of one partition, by rising offsets
 */
export function committed(
  batches: readonly RecordBatch[],
  aborted: readonly AbortedTransaction[],
): RecordBatch[] {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const abortedNow = new Set<number>()
  return batches.filter((batch) => {
    // It says nothing about transactions that could be trusted, and is set aside.
    if (batch.damage !== null) return true
    for (
      let [first] = waiting;
      first !== undefined && first.firstOffset <= batch.lastOffset;
      [first] = waiting
    ) {
      abortedNow.add(first.producerId)
      waiting.shift()
    }
    if (batch.isControl) {
      if (isAbort(batch)) abortedNow.delete(batch.producerId)
      return false
    }
    return !(batch.isTransactional && abortedNow.has(batch.producerId))
  })
}

function isAbort(batch: RecordBatch): boolean {
  const key = firstKeyOf(batch)
  // Version and type, two bytes each.
  return key !== null && key.length >= 4 && key.readInt16BE(2) === ABORT
}
