import type { FetchedPartition } from './batch-consumer.ts'
import type { RecordBatch } from './record-batch.ts'
import { committed } from './transactions.ts'

/** Times that a damaged batch is fetched before it is set aside: the damage may have happened on the way. */
const ATTEMPTS = 3

/** Chooses what of the responses about a topic is to be read. */
export interface FetchedBatches {
  /**
   * The batches with committed records from `from` on, and the position after all that was fetched. A damaged batch ends
   * them until it has been fetched several times.
   */
  of(
    fetched: FetchedPartition,
    from: number,
  ): { batches: RecordBatch[]; position: number; isDamaged: boolean }
}

export function createFetchedBatches(): FetchedBatches {
  /** By partition: the position before a damaged batch, and how often it was fetched. */
  const seen = new Map<number, { position: number; times: number }>()

  return {
    of({ partition, highWatermark, batches, aborted }, from) {
      const at = batches.findIndex(({ damage }) => damage !== null)
      const good = at < 0 ? batches : batches.slice(0, at)
      const damaged = batches[at]
      const position = Math.max(from, (good.at(-1)?.lastOffset ?? -1) + 1)
      const wanted = committed(good, aborted).filter(({ lastOffset }) => lastOffset >= from)
      if (damaged === undefined) return { batches: wanted, position, isDamaged: false }
      const before = seen.get(partition)
      const times = before?.position === position ? before.times + 1 : 1
      seen.set(partition, { position, times })
      if (times < ATTEMPTS || position !== from) return { batches: wanted, position, isDamaged: true }
      seen.delete(partition)
      const aside = placed(damaged, position, highWatermark)
      return { batches: [...wanted, aside], position: aside.lastOffset + 1, isDamaged: false }
    },
  }
}

/** A damaged batch at the place where it was fetched, in case its own offsets are wrong. */
function placed(batch: RecordBatch, position: number, end: number): RecordBatch {
  const isIn = (offset: number, first: number) => offset >= first && offset < end
  const firstOffset = isIn(batch.firstOffset, position) ? batch.firstOffset : position
  return {
    ...batch,
    firstOffset,
    lastOffset: isIn(batch.lastOffset, firstOffset) ? batch.lastOffset : firstOffset,
  }
}
