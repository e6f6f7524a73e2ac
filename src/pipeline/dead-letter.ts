import type { OutgoingRecord } from '../kafka/producer.ts'
import type { DeadLetterEntry } from '../store/dead-letters.ts'
import type { DeadRecord } from './batch.ts'

/** Names of the headers of a dead letter. */
export const DEAD_LETTER_HEADERS = {
  topic: 'playhead.source.topic',
  partition: 'playhead.source.partition',
  offset: 'playhead.source.offset',
  timestamp: 'playhead.source.timestamp',
  key: 'playhead.source.key',
  reason: 'playhead.reason',
  field: 'playhead.field',
  message: 'playhead.message',
  failedAt: 'playhead.failed_at',
  tombstone: 'playhead.tombstone',
} as const

/**
 * A record for the dead-letter topic: the bytes untouched, the source's headers and the reason in headers (times
 * in milliseconds since 1970), and the source's place as the key,
 * so that the same record sent again after a crash replaces itself under compaction.
 * @param failedAt milliseconds since 1970
 */
export function deadLetterRecord(
  { record, why }: DeadRecord,
  source: { topic: string; topicId: string },
  failedAt: number,
): OutgoingRecord {
  const { topic, topicId } = source
  const headers = new Map<string, Buffer>()
  for (const [name, value] of record.headers)
    if (name !== null) headers.set(name.toString(), value ?? Buffer.alloc(0))
  const say = (name: string, value: string | Buffer) => headers.set(name, Buffer.from(value))
  say(DEAD_LETTER_HEADERS.topic, topic)
  say(DEAD_LETTER_HEADERS.partition, String(record.partition))
  say(DEAD_LETTER_HEADERS.offset, String(record.offset))
  say(DEAD_LETTER_HEADERS.timestamp, String(record.timestamp))
  say(DEAD_LETTER_HEADERS.reason, why.reason)
  say(DEAD_LETTER_HEADERS.message, why.message)
  say(DEAD_LETTER_HEADERS.failedAt, String(failedAt))
  if (why.field !== null) say(DEAD_LETTER_HEADERS.field, why.field)
  if (record.key !== null) say(DEAD_LETTER_HEADERS.key, record.key)
  // A null value would be a deletion in a compacted topic, so a tombstone is kept as an empty one that says so.
  if (record.value === null) say(DEAD_LETTER_HEADERS.tombstone, 'true')
  return {
    key: Buffer.from(`${topicId}/${record.partition}/${record.offset}`),
    value: record.value ?? Buffer.alloc(0),
    headers,
  }
}

/** The same dead letter as an entry of the store's index. */
export function deadLetterEntry(
  { record, why }: DeadRecord,
  topicId: string,
  failedAt: number,
): DeadLetterEntry {
  return {
    topicId,
    partition: record.partition,
    offset: record.offset,
    failedAt: failedAt / 1000,
    reason: why.reason,
    field: why.field ?? '',
    message: why.message,
    valueBytes: record.value?.length ?? 0,
  }
}
