import { connect } from 'node:net'
import { crc32c, createRecordsBatch } from '@platformatic/kafka'
import { readBatch } from '../../src/kafka/batch-reader.ts'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import type { RecordBatch } from '../../src/kafka/record-batch.ts'

export const START = 1_767_225_600_000
export const DAY = 86_400_000

/** A batch as another client writes it. */
export function batchOf(
  values: readonly string[],
  { compression = 'none', offset = 0, transactional = false, producerId = -1 } = {},
): Buffer {
  const messages = values.map((value, at) => ({
    topic: 'music-streams',
    key: at % 2 === 0 ? undefined : Buffer.from(`key ${at}`),
    value: Buffer.from(value),
    headers: at % 3 === 0 ? new Map([[Buffer.from('a'), Buffer.from(`header ${at}`)]]) : undefined,
    timestamp: BigInt(START + (at % 2 === 0 ? at : -at) * DAY),
  }))
  const bytes = createRecordsBatch(
    messages as never,
    {
      compression: compression as 'none',
      ...(transactional ? { transactionalId: 't' } : {}),
      producerId: BigInt(producerId),
    } as never,
  ).buffer
  bytes.writeBigInt64BE(BigInt(offset), 0)
  return bytes
}

/** The same batch with other attributes. */
export function withAttributes(bytes: Buffer, attributes: number): Buffer {
  bytes.writeInt16BE(attributes, 21)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

/** The control record that ends a transaction: version 0, then 0 for abort or 1 for commit. */
export function markerOf(type: 0 | 1, offset: number, producerId: number): Buffer {
  const message = { topic: 'music-streams', key: Buffer.from([0, 0, 0, type]), value: Buffer.alloc(6) }
  const bytes = createRecordsBatch([message] as never, { producerId: BigInt(producerId) } as never).buffer
  bytes.writeBigInt64BE(BigInt(offset), 0)
  return withAttributes(bytes, 0x30)
}

/** A variable-length number of a record: the client's own encoder is wrong beyond 31 bits. */
export function varint(number: number | bigint): number[] {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, (BigInt(number) << 1n) ^ (BigInt(number) >> 63n))
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return [...bytes, Number(left)]
}

/** The same batch with other record bytes and a matching checksum. */
export function withRecords(bytes: Buffer, records: Buffer, attributes = 0): Buffer {
  const whole = Buffer.concat([bytes.subarray(0, 61), records])
  whole.writeInt32BE(whole.length - 12, 8)
  return withAttributes(whole, attributes)
}

/** A record as encoded in a batch. */
export function rawRecord(
  offsetDelta: number,
  value: Buffer | null,
  { timestampDelta = varint(0), headers = varint(0) }: { timestampDelta?: number[]; headers?: number[] } = {},
): Buffer {
  const body = Buffer.concat([
    Buffer.from([
      0,
      ...timestampDelta,
      ...varint(offsetDelta),
      ...varint(-1),
      ...varint(value?.length ?? -1),
    ]),
    value ?? Buffer.alloc(0),
    Buffer.from(headers),
  ])
  return Buffer.concat([Buffer.from(varint(body.length)), body])
}

/** A batch of encoded records. */
export function rawBatch(
  records: readonly Buffer[],
  options: {
    firstTimestamp?: bigint
    count?: number
    lastDelta?: number
    attributes?: number
    compress?: (records: Buffer) => Buffer
  } = {},
): Buffer {
  const { firstTimestamp = BigInt(START), count = records.length, attributes = 0 } = options
  const bytes = batchOf([''])
  bytes.writeInt32BE(options.lastDelta ?? count - 1, 23)
  bytes.writeBigInt64BE(firstTimestamp, 27)
  bytes.writeBigInt64BE(firstTimestamp, 35)
  bytes.writeInt32BE(count, 57)
  const joined = Buffer.concat(records)
  return withRecords(bytes, options.compress?.(joined) ?? joined, attributes)
}

/** Everything that a batch decodes to, in chunks. */
export async function readAll(batch: RecordBatch, partition: number, from: number): Promise<FetchedRecord[]> {
  const reader = readBatch(batch, partition, from)
  const records: FetchedRecord[] = []
  while (!reader.isDone) records.push(...(await reader.take({ records: 1_000, bytes: 1_048_576 })))
  return records
}

const PRODUCE = { key: 0, version: 7 }
const EVERY_REPLICA = -1
const TIMEOUT_MS = 60_000

/**
 * Sends a batch unchanged, like an unusual client.
 * @param bootstrap `host:port` of the leader of the partition
 * @returns the error code of the broker, and the offset of the first record
 */
export async function produceRaw(
  bootstrap: string,
  topic: string,
  partition: number,
  batch: Buffer,
): Promise<{ error: number; offset: number }> {
  const text = (value: string) => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
  const body = Buffer.concat([
    ...[int16(PRODUCE.key), int16(PRODUCE.version), int32(1), text('raw')],
    ...[int16(-1), int16(EVERY_REPLICA), int32(TIMEOUT_MS)],
    ...[int32(1), text(topic), int32(1), int32(partition), int32(batch.length), batch],
  ])
  const [host = '', port = ''] = bootstrap.split(':')
  const socket = connect(Number(port), host)
  try {
    socket.write(Buffer.concat([int32(body.length), body]))
    let answer = Buffer.alloc(0)
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk])
      if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) break
    }
    // Size, correlation id, and the topic stand before the partition.
    const at = 4 + 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4
    return { error: answer.readInt16BE(at), offset: Number(answer.readBigInt64BE(at + 2)) }
  } finally {
    socket.destroy()
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
