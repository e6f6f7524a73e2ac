import { sendableHeaders } from '../kafka/headers.ts'
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
  lastOffset: 'playhead.source.last_offset',
  truncated: 'playhead.truncated',
  valueBytes: 'playhead.source.value_bytes',
  valueSha256: 'playhead.source.value_sha256',
  headerCount: 'playhead.source.header_count',
} as const

/**
 * Returns the compression of dead letters. It is never `none`: a batch that expands to 500 MB must not take that space on
 * the dead-letter topic. Every client can read gzip.
 */
export function deadLetterCompression<Compression extends string>(events: Compression): Compression | 'gzip' {
  return events === 'none' ? 'gzip' : events
}

/**
 * A record for the dead-letter topic: the bytes and the headers of the record as they are, in their order, then ours
 * (times in milliseconds since 1970). The key is the place of the source, so that the same dead letter sent again after a
 * crash replaces itself under compaction.
 *
 * A source may have headers with our names. They stay, and ours come last, so the last header of a name is ours; where
 * we have nothing to say, it is null.
 * @param failedAt milliseconds since 1970
 */
export function deadLetterRecord(
  { record, why }: DeadRecord,
  source: { topic: string; topicId: string },
  failedAt: number,
): OutgoingRecord {
  const { topic, topicId } = source
  const ours: [string, string | Buffer | null][] = [
    [DEAD_LETTER_HEADERS.topic, topic],
    [DEAD_LETTER_HEADERS.partition, String(record.partition)],
    [DEAD_LETTER_HEADERS.offset, String(record.offset)],
    [DEAD_LETTER_HEADERS.timestamp, String(record.timestamp)],
    [DEAD_LETTER_HEADERS.reason, why.reason],
    [DEAD_LETTER_HEADERS.message, why.message],
    [DEAD_LETTER_HEADERS.failedAt, String(failedAt)],
    [DEAD_LETTER_HEADERS.field, why.field],
    [DEAD_LETTER_HEADERS.key, record.key],
    // A null value would be a deletion in a compacted topic, so a tombstone is kept as an empty value with a mark.
    [DEAD_LETTER_HEADERS.tombstone, record.value === null ? 'true' : null],
    [DEAD_LETTER_HEADERS.lastOffset, textOf(record.unreadable?.lastOffset)],
    [DEAD_LETTER_HEADERS.truncated, record.cut === undefined ? null : 'true'],
    [DEAD_LETTER_HEADERS.valueBytes, textOf(record.cut?.valueBytes)],
    [DEAD_LETTER_HEADERS.valueSha256, textOf(record.cut?.valueSha256)],
    [DEAD_LETTER_HEADERS.headerCount, textOf(record.cut?.headers)],
  ]
  const names = new Set(record.headers.map(([name]) => name?.toString()))
  const said = ours.filter(([name, value]) => value !== null || names.has(name))
  return {
    key: Buffer.from(`${topicId}/${record.partition}/${record.offset}`),
    value: record.value ?? Buffer.alloc(0),
    headers: [
      ...sendableHeaders(record.headers),
      ...said.map(([name, value]) => [name, value === null ? null : Buffer.from(value)] as const),
    ],
  }
}

const textOf = (value: number | string | undefined) => (value === undefined ? null : String(value))

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
    valueBytes: record.cut?.valueBytes ?? record.value?.length ?? 0,
  }
}
