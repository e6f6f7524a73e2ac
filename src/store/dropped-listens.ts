import type { Store } from './store.ts'

/** Listens of one partition that the store has dropped because an archive holds them. */
export interface DroppedRange {
  /** The run of the archive that holds them. */
  run: number
  topicId: string
  partition: number
  /** From this offset up to before `to`. */
  from: number
  to: number
  /** How many of these offsets were listens that the store held. */
  listens: number
}

/** What the store has dropped, in no order. */
export async function droppedRanges(store: Store): Promise<DroppedRange[]> {
  const rows = await store.rows<[number, string, number, number, number, number]>(
    `SELECT run, toString(topic_id), kafka_partition, first_offset, end_offset, listens FROM dropped_listens FINAL`,
    { background: true },
  )
  return rows.map(([run, topicId, partition, from, to, listens]) => ({
    run,
    topicId,
    partition,
    from,
    to,
    listens,
  }))
}

/** Notes what is about to be dropped, all of it or nothing. From here on it counts as stored, whether it is there or not. */
export function noteDropped(store: Store, ranges: readonly DroppedRange[]): Promise<void> {
  return store.insert(
    {
      table: 'dropped_listens',
      columns: ['run', 'topic_id', 'kafka_partition', 'first_offset', 'end_offset', 'listens'],
    },
    ranges.map(({ run, topicId, partition, from, to, listens }) =>
      JSON.stringify([run, topicId, partition, from, to, listens]),
    ),
  )
}
