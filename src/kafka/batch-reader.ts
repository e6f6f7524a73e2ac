import { createHash } from 'node:crypto'
import { decompressedAtOnce, decompressedChunks } from './decompress.ts'
import { bytesOf, type FetchedRecord, type Headers } from './fetched-record.ts'
import type { RecordBatch } from './record-batch.ts'
import { type RecordWindow, recordWindow } from './record-window.ts'
import { type Cursor, readVarint, readVarlong } from './varint.ts'

/** The bounds of what one batch takes in memory, however far it expands. */
export const READ_LIMITS = {
  /** Decompressed bytes of a batch that are read at once; a larger one is read in parts. */
  atOnceBytes: 4 * 1_048_576,
  /** Largest record that is kept whole, in bytes. */
  recordBytes: 8 * 1_048_576,
  /** Bytes of the value of a larger record that are kept. */
  keptBytes: 4 * 1_048_576,
  /** Bytes of the key and of each header of such a record that are kept. */
  fieldBytes: 4_096,
  /** Headers of a record that are kept, and of one that is not kept whole. */
  headers: 10_000,
  headersOfLarge: 1_000,
  /** Records that are read before others have their turn, wanted or not. */
  recordsInTurn: 4_000,
} as const

/** How much may still be read; reading counts it down. */
export interface Room {
  records: number
  bytes: number
}

export interface BatchReader {
  readonly partition: number
  /** First offset that was not given yet. */
  readonly position: number
  readonly isDone: boolean
  /**
   * Reads the next records while there is room. Keys and values are views, not copies. The rest of a batch that cannot be
   * read is its last record, marked `unreadable`.
   */
  take(room: Room): Promise<FetchedRecord[]>
}

/** The key of the first record of a batch, such as the marker at the end of a transaction; null where there is none. */
export function firstKeyOf({ compression, records }: RecordBatch): Buffer | null {
  const bytes = decompressedAtOnce(compression, records, READ_LIMITS.atOnceBytes)
  return bytes === null ? null : readWhole({ bytes, at: 0 }).key
}

/**
 * Reads the records of a batch as Kafka's Java consumer does.
 * @param from first offset that is wanted: a batch comes whole even when reading starts in its middle
 */
export function readBatch(batch: RecordBatch, partition: number, from: number): BatchReader {
  const { firstOffset, lastOffset, count } = batch
  let position = Math.max(from, firstOffset)
  let expected = firstOffset
  let read = 0
  let isDone = false
  let window: RecordWindow | null = null
  // The broker numbers the records of a batch one after another, whatever the producer wrote. Only compaction leaves gaps.
  const isComplete = count === lastOffset - firstOffset + 1

  function open(): RecordWindow {
    if (batch.damage !== null) throw new Error(batch.damage)
    if (count < 0) throw new Error('its number of records is negative')
    if (count > lastOffset - firstOffset + 1) throw new Error('it has more records than offsets')
    const { compression, records } = batch
    return recordWindow(
      decompressedAtOnce(compression, records, READ_LIMITS.atOnceBytes) ??
        decompressedChunks(compression, records),
    )
  }

  function next(window: RecordWindow): ReadRecord | Promise<ReadRecord> {
    const size = window.nextSize()
    return size !== null && size <= READ_LIMITS.recordBytes ? readWhole(window.cursor) : filled(window)
  }

  async function filled(window: RecordWindow): Promise<ReadRecord> {
    await window.fill(LONGEST_VARINT)
    const { bytes, at } = window.cursor
    const peek = { bytes, at }
    const size = readVarint(peek) + peek.at - at
    if (size > READ_LIMITS.recordBytes) return await readLarge(window)
    await window.fill(size)
    return readWhole(window.cursor)
  }

  /** The offset of a record: its place in a complete batch, and what it says in a compacted one. */
  function offsetOf(delta: number): number {
    const offset = isComplete ? firstOffset + read : firstOffset + delta
    if (offset < expected || offset > lastOffset) throw new Error('its offsets do not rise within the batch')
    return offset
  }

  async function readInto(records: FetchedRecord[], room: Room): Promise<void> {
    window ??= open()
    const stop = Math.min(count, read + READ_LIMITS.recordsInTurn)
    for (; read < stop && room.records > 0 && room.bytes > 0; read += 1) {
      const record = window.isWhole ? readWhole(window.cursor) : await next(window)
      const offset = offsetOf(record.offsetDelta)
      expected = offset + 1
      if (offset < from) continue
      const { key, value, headers, cut } = record
      const timestamp = batch.appendedAt ?? timeOf(batch, record.timestampDelta)
      const fetched: FetchedRecord = { partition, offset, key, value, headers, timestamp }
      if (cut !== undefined) fetched.cut = cut
      records.push(fetched)
      room.records -= 1
      room.bytes -= bytesOf(fetched)
      position = offset + 1
    }
    if (read < count) return
    if (position <= lastOffset && !(await window.isAtEnd()))
      throw new Error('records follow after the last one')
    position = Math.max(position, lastOffset + 1)
    isDone = true
  }

  return {
    partition,
    get position() {
      return position
    },
    get isDone() {
      return isDone
    },
    async take(room) {
      const records: FetchedRecord[] = []
      try {
        await readInto(records, room)
      } catch (error) {
        isDone = true
        const why = window?.failure ?? (error instanceof Error ? error.message : String(error))
        if (position <= lastOffset) {
          records.push(restOf(batch, partition, position, why))
          room.bytes -= batch.bytes.length
        }
        position = Math.max(position, lastOffset + 1)
      }
      if (isDone) window = null
      return records
    },
  }
}

interface ReadRecord extends Pick<FetchedRecord, 'key' | 'value' | 'headers' | 'cut'> {
  timestampDelta: number | bigint
  offsetDelta: number
}

/** What stands for the offsets of a batch from `offset` on, which cannot be read. */
function restOf(batch: RecordBatch, partition: number, offset: number, why: string): FetchedRecord {
  return {
    partition,
    offset,
    key: null,
    value: batch.bytes,
    headers: NO_HEADERS,
    timestamp: batch.appendedAt ?? Number(batch.firstTimestamp),
    unreadable: { lastOffset: batch.lastOffset, why },
  }
}

const NO_HEADERS: Headers = []
const LONGEST_VARINT = 5
const LONGEST_VARLONG = 10

function readWhole(cursor: Cursor): ReadRecord {
  const length = readVarint(cursor)
  const end = cursor.at + length
  if (length < 0 || end > cursor.bytes.length) throw new Error('a record is longer than its batch')
  // Attributes of a record have no meaning yet.
  cursor.at += 1
  const timestampDelta = readVarlong(cursor)
  const offsetDelta = readVarint(cursor)
  const key = sized(cursor)
  const value = sized(cursor)
  const count = headerCount(readVarint(cursor), end - cursor.at)
  const headers = count === 0 ? NO_HEADERS : readHeaders(cursor, Math.min(count, READ_LIMITS.headers))
  const record: ReadRecord = { key, value, headers, timestampDelta, offsetDelta }
  if (count > READ_LIMITS.headers) {
    for (let skipped = READ_LIMITS.headers; skipped < count; skipped += 1) {
      sized(cursor)
      sized(cursor)
    }
    const valueSha256 = createHash('sha256')
      .update(value ?? NOTHING)
      .digest('hex')
    record.cut = { valueBytes: value?.length ?? 0, valueSha256, headers: count }
  }
  if (cursor.at !== end) throw new Error('a record does not fit its length')
  return record
}

const NOTHING = Buffer.alloc(0)

/** Reads a record that is larger than memory should hold, and keeps the beginnings of its fields. */
async function readLarge(window: RecordWindow): Promise<ReadRecord> {
  const { cursor } = window
  const length = readVarint(cursor)
  const start = window.position()
  await window.fill(1 + LONGEST_VARLONG + LONGEST_VARINT)
  cursor.at += 1
  const timestampDelta = readVarlong(cursor)
  const offsetDelta = readVarint(cursor)
  const key = await window.field(READ_LIMITS.fieldBytes)
  const value = await window.field(READ_LIMITS.keptBytes)
  await window.fill(LONGEST_VARINT)
  const count = headerCount(readVarint(cursor), length - (window.position() - start))
  const headers: [Buffer | null, Buffer | null][] = []
  for (let read = 0; read < Math.min(count, READ_LIMITS.headersOfLarge); read += 1) {
    const name = await window.field(READ_LIMITS.fieldBytes)
    const text = await window.field(READ_LIMITS.fieldBytes)
    headers.push([name?.kept ?? null, text?.kept ?? null])
  }
  const rest = length - (window.position() - start)
  if (rest < 0 || (rest > 0 && count === headers.length)) throw new Error('a record does not fit its length')
  await window.skip(rest)
  return {
    key: key?.kept ?? null,
    value: value?.kept ?? null,
    headers,
    timestampDelta,
    offsetDelta,
    cut: { valueBytes: value?.bytes ?? 0, valueSha256: value?.sha256 ?? '', headers: count },
  }
}

function headerCount(count: number, bytesLeft: number): number {
  if (count < 0 || count > bytesLeft) throw new Error('a record has an impossible number of headers')
  return count
}

function readHeaders(cursor: Cursor, count: number): Headers {
  const headers: [Buffer | null, Buffer | null][] = []
  for (let read = 0; read < count; read += 1) {
    const name = sized(cursor)
    if (name === null) throw new Error('a header has no name')
    headers.push([name, sized(cursor)])
  }
  return headers
}

/** Bytes after their length; a negative one stands for null. */
function sized(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor)
  if (length < 0) return null
  const from = cursor.at
  cursor.at += length
  if (cursor.at > cursor.bytes.length) throw new Error('a field is longer than its record')
  return cursor.bytes.subarray(from, cursor.at)
}

/** Time of a record in milliseconds since 1970: the sum wraps at 64 bits, as in Java. */
function timeOf({ firstTimestamp }: RecordBatch, delta: number | bigint): number {
  const first = Number(firstTimestamp)
  if (typeof delta === 'number' && Math.abs(first) <= 2 ** 52) return first + delta
  return Number(BigInt.asIntN(64, firstTimestamp + BigInt(delta)))
}
