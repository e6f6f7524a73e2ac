import type { Store } from './store.ts'

/** Offsets of one partition: from `from` up to before `to`. */
export interface OffsetRange {
  partition: number
  from: number
  to: number
}

/** Notes offsets that the topic does not hold, so that nobody looks for them again; noting them again does no harm. */
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
