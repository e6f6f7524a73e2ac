import type { Song } from '../catalogue/song.ts'
import type { EpochStart } from '../kafka/epoch-watch.ts'
import { bytesOf, type FetchedRecord, lastOffsetOf } from '../kafka/fetched-record.ts'
import type { OffsetRange } from '../store/absent-offsets.ts'
import { createLineBuffer, type LineBuffer, type LineSpan } from '../store/line-buffer.ts'
import type { Item, Outcome } from './outcome.ts'

/** A record that could not be stored, and why. */
export interface DeadRecord {
  record: FetchedRecord
  why: Extract<Outcome, { kind: 'dead_letter' }>
}

/**
 * A listen that waits to be stored: where the line of its INSERT stands, and what is still to be known of its record. The record
 * itself is released, because a batch of records would fill the memory needed to read new ones.
 */
export interface Row {
  record: Omit<FetchedRecord, 'key' | 'value'>
  /** Bytes of the record's value. */
  bytes: number
  /** When the play began, in seconds since 1970. */
  playedAt: number
  /** Where its line stands among the batch's. */
  line: LineSpan
}

/** A record that passed all steps, as the batch keeps it. */
export function rowOf({ record, listen, line }: Item): Row {
  if (line === null) throw new Error('a record came out of the steps without its line')
  const { partition, offset, headers, timestamp, value } = record
  return {
    record: { partition, offset, headers, timestamp },
    bytes: value?.length ?? 0,
    playedAt: listen?.timestamp ?? 0,
    line,
  }
}

export const BATCH_LIMITS = {
  rows: 20_000,
  /** Bytes of the records, keys and headers included. */
  bytes: 16 * 1_048_576,
  /** How long the first record of a batch may wait for more, in milliseconds. */
  ageMs: 100,
} as const

/** What is stored together. It only grows; the pipeline delivers it whole and starts another. */
export interface Batch {
  rows: Row[]
  lines: LineBuffer
  dead: DeadRecord[]
  newSongs: Song[]
  /** Offsets that will be no listens: the topic does not hold them, or they repeat what is stored under a once key. */
  absent: OffsetRange[]
  /** Leader epochs that begin in it, or later. */
  epochs: EpochStart[]
  /** By partition: the next offset to read once this batch is stored. */
  next: Map<number, number>
  /** By partition: the timestamp of its first record, in milliseconds since 1970. */
  oldest: Map<number, number>
  records: number
  bytes: number
  /** When its first record came, in milliseconds of the monotonic clock; null while it is empty. */
  startedAt: number | null
}

/** @param lines where its lines go; an empty buffer */
export function emptyBatch(lines = createLineBuffer()): Batch {
  return {
    rows: [],
    lines,
    dead: [],
    newSongs: [],
    absent: [],
    epochs: [],
    next: new Map(),
    oldest: new Map(),
    records: 0,
    bytes: 0,
    startedAt: null,
  }
}

/** Notes that a record belongs to the batch, whatever becomes of it. */
export function count(batch: Batch, record: FetchedRecord, now: number): void {
  batch.startedAt ??= now
  batch.records += 1
  batch.bytes += bytesOf(record)
  if (!batch.oldest.has(record.partition)) batch.oldest.set(record.partition, record.timestamp)
  batch.next.set(record.partition, lastOffsetOf(record) + 1)
}

/** Adds to the batch that a partition holds no records up to `next`, and which of those offsets the store does not know yet. */
export function skip(
  batch: Batch,
  partition: number,
  next: number,
  absent: readonly OffsetRange[],
  now: number,
): void {
  batch.startedAt ??= now
  batch.absent.push(...absent)
  batch.next.set(partition, next)
}

export function isFull(batch: Batch): boolean {
  return batch.records >= BATCH_LIMITS.rows || batch.bytes >= BATCH_LIMITS.bytes
}

/** Milliseconds until the batch is due; 0 when it is, null when it is empty. */
export function dueIn(batch: Batch, now: number): number | null {
  if (batch.startedAt === null) return null
  return isFull(batch) ? 0 : Math.max(0, batch.startedAt + BATCH_LIMITS.ageMs - now)
}
