import type { Place } from './listens.ts'
import type { Store } from './store.ts'

/** A record that could not be stored, as the index of the dead-letter topic keeps it. */
export interface DeadLetterEntry extends Place {
  /** Seconds since 1970. */
  failedAt: number
  reason: string
  /** The field at fault; empty when it is the record as a whole. */
  field: string
  message: string
  valueBytes: number
}

/** Adds to the index of dead letters; adding one again replaces it. */
export function insertDeadLetters(store: Store, entries: readonly DeadLetterEntry[]): Promise<void> {
  return store.insert(
    'dead_letters (topic_id, kafka_partition, kafka_offset, failed_at, reason, field, message, value_bytes)',
    entries.map((entry) =>
      JSON.stringify([
        entry.topicId,
        entry.partition,
        entry.offset,
        entry.failedAt.toFixed(3),
        entry.reason,
        entry.field,
        entry.message,
        entry.valueBytes,
      ]),
    ),
  )
}
