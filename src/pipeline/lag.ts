import type { Fetcher } from '../kafka/fetcher.ts'
import type { Batch } from './batch.ts'
import type { PartitionState } from './partition-state.ts'

type Progress = ReturnType<Fetcher['progress']>
type States = ReadonlyMap<number, PartitionState>
/** Batches that are not stored yet: the one that grows and the one that is being delivered. */
type Unstored = readonly Batch[]

/** Offsets between the end of each partition and what is handled of it. */
export function lagOf(progress: Progress, states: States): Map<number, number> {
  const lag = new Map<number, number>()
  for (const [partition, { end }] of progress)
    lag.set(partition, Math.max(0, end - (states.get(partition)?.handled ?? end)))
  return lag
}

/**
 * Age in seconds of the oldest record of each partition that is not handled; 0 where all are.
 * @param unstored the batch that has waited longest first
 * @param now milliseconds since 1970
 */
export function lagSecondsOf(
  lag: ReadonlyMap<number, number>,
  states: States,
  unstored: Unstored,
  now: number,
): Map<number, number> {
  const seconds = new Map<number, number>()
  for (const [partition, offsets] of lag) {
    // Records that were not read yet are no older than those that were handled last.
    const [inMemory] = unstored.flatMap(({ oldest }) => oldest.get(partition) ?? [])
    const oldest = inMemory ?? states.get(partition)?.reached ?? now
    seconds.set(partition, offsets === 0 ? 0 : Math.max(0, (now - oldest) / 1000))
  }
  return seconds
}
