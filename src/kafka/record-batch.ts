import { compressionsAlgorithmsByBitmask, crc32c } from '@platformatic/kafka'

/** One record as it was read from the topic. */
export interface FetchedRecord {
  partition: number
  offset: number
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
  /** Milliseconds since 1970, as the producer or the broker set it. */
  timestamp: number
}

/** A batch as the broker sent it, its records not read yet: compressed it is a fifth as large. */
export interface RecordBatch {
  firstOffset: number
  lastOffset: number
  /** Of the first record, in milliseconds since 1970; the others are told apart from it. */
  firstTimestamp: number
  /** What the broker stamped on all records, where the topic asks for that (`LogAppendTime`); otherwise null. */
  appendedAt: number | null
  /** Of an idempotent or transactional producer; -1 of any other. */
  producerId: number
  isTransactional: boolean
  /** Whether it holds a marker, the end of a transaction, and no records. */
  isControl: boolean
  compression: number
  count: number
  /** The records, compressed or not. */
  records: Buffer
}

/** Offset and length, which every batch begins with. */
const PREFIX = 12
/** All that stands before the records. */
const HEADER = 61
const FORMAT = 2
const COMPRESSION = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

const NO_HEADERS: FetchedRecord['headers'] = []

/**
 * Splits what a broker sent of one partition into batches ("Record Batch", Kafka 4 documentation, message format). The last one
 * may be cut off by the limit of the answer, and is left out.
 * @throws Error when a batch is damaged or of a format from before Kafka 0.11
 */
export function splitBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at + PREFIX <= bytes.length; ) {
    const firstOffset = Number(bytes.readBigInt64BE(at))
    const end = at + PREFIX + bytes.readInt32BE(at + 8)
    if (end > bytes.length) break
    const format = bytes[at + 16]
    if (format !== FORMAT)
      throw new Error(`the record batch at offset ${firstOffset} has format ${format}, not ${FORMAT}`)
    if (end < at + HEADER || crc32c(bytes.subarray(at + 21, end)) !== bytes.readUInt32BE(at + 17))
      throw new Error(`the record batch at offset ${firstOffset} is damaged: its checksum does not fit`)
    const attributes = bytes.readInt16BE(at + 21)
    batches.push({
      firstOffset,
      lastOffset: firstOffset + bytes.readInt32BE(at + 23),
      firstTimestamp: Number(bytes.readBigInt64BE(at + 27)),
      appendedAt: (attributes & LOG_APPEND_TIME) === 0 ? null : Number(bytes.readBigInt64BE(at + 35)),
      producerId: Number(bytes.readBigInt64BE(at + 43)),
      isTransactional: (attributes & TRANSACTIONAL) !== 0,
      isControl: (attributes & CONTROL) !== 0,
      compression: attributes & COMPRESSION,
      count: bytes.readInt32BE(at + 57),
      records: bytes.subarray(at + HEADER, end),
    })
    at = end
  }
  return batches
}

/**
 * Reads the records of a batch. Keys and values are views of one buffer, not copies.
 * @param from the first offset that is wanted: a batch comes whole even when reading starts in its middle
 * @throws Error when it is compressed in a way that is not known here, or its records do not fit its length
 */
export function readBatch(batch: RecordBatch, partition: number, from: number): FetchedRecord[] {
  const cursor = { bytes: decompressed(batch), at: 0 }
  const records: FetchedRecord[] = []
  for (let read = 0; read < batch.count; read += 1) {
    const length = varint(cursor)
    const end = cursor.at + length
    // Attributes of a record mean nothing yet.
    cursor.at += 1
    const timestamp = batch.firstTimestamp + varint(cursor)
    const offset = batch.firstOffset + varint(cursor)
    const key = sized(cursor)
    const value = sized(cursor)
    const headers = readHeaders(cursor)
    if (cursor.at !== end) throw broken(batch)
    if (offset >= from)
      records.push({ partition, offset, key, value, headers, timestamp: batch.appendedAt ?? timestamp })
  }
  if (cursor.at !== cursor.bytes.length) throw broken(batch)
  return records
}

interface Cursor {
  bytes: Buffer
  at: number
}

function decompressed({ compression, records, firstOffset }: RecordBatch): Buffer {
  if (compression === 0) return records
  const algorithm = compressionsAlgorithmsByBitmask[compression]
  if (algorithm === undefined)
    throw new Error(
      `the record batch at offset ${firstOffset} is compressed in an unknown way (${compression})`,
    )
  return algorithm.decompressSync(records)
}

function broken({ firstOffset }: RecordBatch): Error {
  return new Error(`the records of the batch at offset ${firstOffset} do not fit their lengths`)
}

function readHeaders(cursor: Cursor): FetchedRecord['headers'] {
  const count = varint(cursor)
  if (count <= 0) return NO_HEADERS
  const headers: [Buffer | null, Buffer | null][] = []
  for (let read = 0; read < count; read += 1) headers.push([sized(cursor), sized(cursor)])
  return headers
}

/** Bytes after their length; -1 stands for null. */
function sized(cursor: Cursor): Buffer | null {
  const length = varint(cursor)
  if (length < 0) return null
  const from = cursor.at
  cursor.at = from + length
  if (cursor.at > cursor.bytes.length) throw new Error('a record is longer than its batch')
  return cursor.bytes.subarray(from, cursor.at)
}

/** A number of up to 64 bits, seven in a byte, the sign in the lowest (Protocol Buffers, "ZigZag"). */
function varint(cursor: Cursor): number {
  const { bytes } = cursor
  let byte = bytes[cursor.at++]
  let unsigned = 0
  // Not by shifts: they know 32 bits, and a timestamp can be months after the first of its batch.
  for (let scale = 1; ; scale *= 128) {
    if (byte === undefined || scale > 2 ** 56) throw new Error('a record batch ends within a number')
    if (byte < 128) {
      unsigned += byte * scale
      break
    }
    unsigned += (byte - 128) * scale
    byte = bytes[cursor.at++]
  }
  return unsigned % 2 === 0 ? unsigned / 2 : -(unsigned + 1) / 2
}
