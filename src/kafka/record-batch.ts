import { crc32c } from '@platformatic/kafka'

/** A batch as the broker sent it, with its records not read yet: compressed, it is a fifth as large. */
export interface RecordBatch {
  firstOffset: number
  lastOffset: number
  /** Leader epoch in which the broker appended it (KIP-101); -1 where it cannot be read. */
  leaderEpoch: number
  /** The time that those of the records are relative to, in milliseconds since 1970. */
  firstTimestamp: bigint
  /** Time that the broker set for all records, where the topic asks for that (`LogAppendTime`); otherwise null. */
  appendedAt: number | null
  /** Of an idempotent or transactional producer; -1 of any other. */
  producerId: number
  isTransactional: boolean
  /** Whether it holds the end of a transaction, and no records. */
  isControl: boolean
  compression: number
  count: number
  /** The records, compressed or not. */
  records: Buffer
  /** The whole batch. */
  bytes: Buffer
  /** What is wrong with the batch itself, whose other fields then mean little; null where its checksum is right. */
  damage: string | null
}

/** Offset and length, with which every batch begins. */
const PREFIX = 12
/** Bytes before the records. */
const HEADER = 61
const FORMAT = 2
const COMPRESSION = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/**
 * Splits the bytes of one partition into batches ("Record Batch", Kafka 4 documentation, message format). The last one may be
 * cut off by the limit of the response, and is left out.
 */
export function splitBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at + PREFIX <= bytes.length; ) {
    const length = bytes.readInt32BE(at + 8)
    const end = at + PREFIX + length
    if (end > bytes.length) break
    const batch =
      length < 0 ? damaged(bytes.subarray(at), 'its length is negative') : readHeader(bytes.subarray(at, end))
    batches.push(batch)
    if (length < 0) break
    at = end
  }
  return batches
}

function readHeader(bytes: Buffer): RecordBatch {
  const format = bytes[16]
  if (format !== FORMAT) return damaged(bytes, `it has format ${format}, not ${FORMAT}`)
  if (bytes.length < HEADER) return damaged(bytes, 'it is shorter than its header')
  const attributes = bytes.readInt16BE(21)
  const firstOffset = Number(bytes.readBigInt64BE(0))
  const isDamaged = crc32c(bytes.subarray(21)) !== bytes.readUInt32BE(17)
  const [lastDelta, count] = [bytes.readInt32BE(23), bytes.readInt32BE(57)]
  // Of a damaged batch the last offset is only believed when its two sources agree.
  const isCredible = lastDelta >= 0 && (!isDamaged || count === lastDelta + 1)
  return {
    firstOffset,
    lastOffset: firstOffset + (isCredible ? lastDelta : 0),
    leaderEpoch: bytes.readInt32BE(12),
    firstTimestamp: bytes.readBigInt64BE(27),
    appendedAt: (attributes & LOG_APPEND_TIME) === 0 ? null : Number(bytes.readBigInt64BE(35)),
    producerId: Number(bytes.readBigInt64BE(43)),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    compression: attributes & COMPRESSION,
    count,
    records: bytes.subarray(HEADER),
    bytes,
    damage: isDamaged ? 'its checksum is wrong' : null,
  }
}

/** A batch of which only the offset can be read. */
function damaged(bytes: Buffer, damage: string): RecordBatch {
  const firstOffset = Number(bytes.readBigInt64BE(0))
  return {
    firstOffset,
    lastOffset: firstOffset,
    leaderEpoch: -1,
    firstTimestamp: 0n,
    appendedAt: null,
    producerId: -1,
    isTransactional: false,
    isControl: false,
    compression: 0,
    count: 0,
    records: bytes.subarray(bytes.length),
    bytes,
    damage,
  }
}
