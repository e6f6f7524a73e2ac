import { type RecordBatch, readBatch } from './record-batch.ts'

/** A transaction that was given up, as the broker tells with the batches that hold records of it. */
export interface AbortedTransaction {
  producerId: number
  firstOffset: number
}

/** Type of a marker that says that its transaction was given up (Kafka protocol, "Control Batches"). */
const ABORT = 0

/**
 * Leaves out the records of transactions that were given up, and the markers. Where a transaction ends outside of what was read,
 * all of its records here are left out: the broker names none that may still be committed.
 * @param batches of one partition, by rising offsets
 */
export function committed(
  batches: readonly RecordBatch[],
  aborted: readonly AbortedTransaction[],
): RecordBatch[] {
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const givenUp = new Set<number>()
  return batches.filter((batch) => {
    for (
      let [first] = waiting;
      first !== undefined && first.firstOffset <= batch.lastOffset;
      [first] = waiting
    ) {
      givenUp.add(first.producerId)
      waiting.shift()
    }
    if (batch.isControl) {
      if (isAbort(batch)) givenUp.delete(batch.producerId)
      return false
    }
    return !(batch.isTransactional && givenUp.has(batch.producerId))
  })
}

function isAbort(batch: RecordBatch): boolean {
  // Version and type, two bytes each.
  const [marker] = readBatch(batch, 0, 0)
  return marker?.key?.readInt16BE(2) === ABORT
}
