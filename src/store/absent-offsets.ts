import type { Store } from './store.ts'

/** Offsets of one partition: from `from` up to before `to`. */
export interface OffsetRange {
  partition: number
  from: number
  to: number
}

/** Stores offsets that the topic does not hold, so that they are not read again. Idempotent. */
export function insertAbsentOffsets(
  store: Store,
  topicId: string,
  ranges: readonly OffsetRange[],
): Promise<void> {
  return store.insert(
    { table: 'absent_offsets', columns: ['topic_id', 'kafka_partition', 'first_offset', 'end_offset'] },
    ranges.map(({ partition, from, to }) => JSON.stringify([topicId, partition, from, to])),
  )
}
