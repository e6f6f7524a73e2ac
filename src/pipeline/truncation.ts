import type { Logger } from 'pino'
import type { EpochStart } from '../kafka/epoch-watch.ts'
import type { Fetcher } from '../kafka/fetcher.ts'
import type { Truncation } from '../store/lineages.ts'
import type { PipelineMetrics } from './metrics.ts'

/** The leader epoch of the record before an offset; -1 where it is unknown. */
export function epochBefore(starts: readonly EpochStart[], offset: number): number {
  return starts.findLast(({ from }) => from < offset)?.epoch ?? -1
}

/**
 * Finds out whether the log of a partition lost records that the store has handled, as followers do (KIP-320): the
 * leader names the last epoch that it shares with us and where that ends, until both agree.
 * @param next the offset after the last one that the store has handled
 * @param starts what the store knows of the partition's leader epochs, by rising epoch
 * @returns null where the log still continues what is stored
 */
export async function findTruncation(
  { divergence }: Pick<Fetcher, 'divergence'>,
  partition: number,
  next: number,
  starts: readonly EpochStart[],
): Promise<Truncation | null> {
  let common = next
  while (common > 0) {
    const diverging = await divergence(partition, common, epochBefore(starts, common))
    if (diverging === null) break
    const { epoch, endOffset } = diverging
    const ownEnd = starts.find((start) => start.epoch > epoch)?.from ?? common
    const shared = epoch < 0 ? endOffset : Math.min(endOffset, ownEnd)
    // An answer that leads no further back would be asked for again without end.
    if (shared >= common)
      throw new Error(`the leader of partition ${partition} does not say where its log departs`)
    common = Math.max(0, shared)
  }
  return common === next ? null : { partition, from: common, to: next }
}

/** Tells the operator which stored offsets Kafka has lost. */
export function reportTruncation(
  { partition, from, to }: Truncation,
  { log, metrics }: { log: Logger; metrics: Pick<PipelineMetrics, 'replaced'> },
): void {
  metrics.replaced.inc(to - from)
  log.error(
    { partition, from, to, replaced: to - from },
    'Kafka lost the end of this partition and gives its offsets to new records. The listens that were stored from there stay, and the new records are stored too.',
  )
}
