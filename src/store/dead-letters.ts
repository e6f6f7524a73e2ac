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
    {
      table: 'dead_letters',
      columns: [
        'topic_id',
        'kafka_partition',
        'kafka_offset',
        'failed_at',
        'reason',
        'field',
        'message',
        'value_bytes',
      ],
    },
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

/** What a person did about a dead letter. */
export interface DeadLetterAction extends Place {
  /** Milliseconds since 1970. */
  actedAt: number
  action: 'redriven' | 'dropped'
  /** JSON of the fields that were given other values; empty for none. */
  fix: string
  onceKey: string
  /** Where the copy stands; null where there is none. */
  sent: { partition: number; offset: number } | null
}

export function insertDeadLetterActions(store: Store, actions: readonly DeadLetterAction[]): Promise<void> {
  return store.insert(
    {
      table: 'dead_letter_actions',
      columns: [
        'topic_id',
        'kafka_partition',
        'kafka_offset',
        'acted_at',
        'action',
        'fix',
        'once_key',
        'sent_partition',
        'sent_offset',
      ],
    },
    actions.map(({ topicId, partition, offset, actedAt, action, fix, onceKey, sent }) =>
      JSON.stringify([
        topicId,
        partition,
        offset,
        (actedAt / 1000).toFixed(3),
        action,
        fix,
        onceKey,
        sent?.partition ?? null,
        sent?.offset ?? null,
      ]),
    ),
  )
}
