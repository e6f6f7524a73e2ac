import { findErrorBy } from '@platformatic/kafka'
import type { BatchConsumer, EpochEnd } from './batch-consumer.ts'
import type { RecordBatch } from './record-batch.ts'
import type { TopicOffsets } from './topic-offsets.ts'

/** Where a leader epoch of a partition begins. */
export interface EpochStart {
  partition: number
  epoch: number
  from: number
}

/** Watches the leader epochs (KIP-101) of what is read. */
export interface EpochWatch {
  /** Leader epoch of the record that was read last of a partition; -1 where it is unknown. */
  of(partition: number): number
  /** Notes the epochs of batches that were read up to a position. */
  note(partition: number, batches: readonly RecordBatch[], position: number): void
  /** The epochs that began since the last call. */
  take(): EpochStart[]
}

/** @param known leader epoch of the record before the position of each partition */
export function createEpochWatch(known: ReadonlyMap<number, number>): EpochWatch {
  const epochs = new Map(known)
  let begun: EpochStart[] = []
  return {
    of: (partition) => epochs.get(partition) ?? -1,
    note(partition, batches, position) {
      for (const { leaderEpoch, firstOffset, damage } of batches) {
        if (damage !== null || firstOffset >= position || leaderEpoch === epochs.get(partition)) continue
        epochs.set(partition, leaderEpoch)
        begun.push({ partition, epoch: leaderEpoch, from: firstOffset })
      }
    },
    take() {
      const taken = begun
      begun = []
      return taken
    },
  }
}

/** What is asked of a broker about one partition, besides how much. */
export function wantedOf(partition: number, offset: number, lastFetchedEpoch: number) {
  return { partition, fetchOffset: BigInt(offset), lastFetchedEpoch, currentLeaderEpoch: -1 }
}

/**
 * Asks the leader of a partition where its log departs from the one in which `offset` followed a record of `epoch`; null
 * where it does not (KIP-320). Of an unknown epoch, -1, only a log that ends before `offset` is noticed.
 */
export async function divergence(
  consumer: BatchConsumer,
  offsets: Pick<TopicOffsets, 'leadersOf' | 'latest'>,
  { partition, offset, epoch }: { partition: number; offset: number; epoch: number },
): Promise<EpochEnd | null> {
  const { id, leaders } = await offsets.leadersOf([partition])
  const [node] = leaders.keys()
  if (node === undefined) throw new Error(`partition ${partition} has no leader`)
  const wanted = { ...wantedOf(partition, offset, epoch), partitionMaxBytes: 1 }
  const [answer] = await consumer.fetchBatches({
    node,
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes: 1,
    topics: [{ topicId: id, partitions: [wanted] }],
  })
  const error = answer?.error ?? null
  if (error === null) return answer?.diverging ?? null
  if (!isOutOfRange(error)) throw error
  const end = (await offsets.latest()).get(partition) ?? 0
  return offset > end ? { epoch: -1, endOffset: end } : null
}

/** Whether a broker has no record at an offset that it was asked for. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') !== null
}
