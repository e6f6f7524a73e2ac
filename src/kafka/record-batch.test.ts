import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32c, createRecordsBatch } from '@platformatic/kafka'
import { readBatch, splitBatches } from './record-batch.ts'
import { committed } from './transactions.ts'

const START = 1_767_225_600_000
const DAY = 86_400_000

/** A batch as another client writes it. */
function batchOf(
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
function withAttributes(bytes: Buffer, attributes: number): Buffer {
  bytes.writeInt16BE(attributes, 21)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

/** What ends a transaction: version 0, and 0 for given up or 1 for committed. */
function markerOf(type: 0 | 1, offset: number, producerId: number): Buffer {
  const message = { topic: 'music-streams', key: Buffer.from([0, 0, 0, type]), value: Buffer.alloc(6) }
  const bytes = createRecordsBatch([message] as never, { producerId: BigInt(producerId) } as never).buffer
  bytes.writeBigInt64BE(BigInt(offset), 0)
  return withAttributes(bytes, 0x30)
}

/** A number as records hold them: the client's own writing is wrong beyond 31 bits. */
function varint(number: number): number[] {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, (BigInt(number) << 1n) ^ (BigInt(number) >> 63n))
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return [...bytes, Number(left)]
}

const only = (bytes: Buffer) => {
  const [batch] = splitBatches(bytes)
  assert.ok(batch)
  return batch
}

describe('a record batch', () => {
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    it(`is read as it was written, with ${compression} compression`, () => {
      const values = ['one', '', 'Lovers’ Carvings', 'x'.repeat(20_000), 'five']
      const records = readBatch(only(batchOf(values, { compression, offset: 5_000_000_000 })), 3, 0)
      assert.deepEqual(
        records.map(({ value }) => value?.toString()),
        values,
      )
      assert.deepEqual(
        records.map(({ key }) => key?.toString() ?? null),
        [null, 'key 1', null, 'key 3', null],
      )
      assert.deepEqual(
        records.map(({ headers }) => headers.map((pair) => pair.map(String))),
        [[['a', 'header 0']], [], [], [['a', 'header 3']], []],
      )
      assert.deepEqual(
        records.map(({ offset }) => offset - 5_000_000_000),
        [0, 1, 2, 3, 4],
      )
      assert.deepEqual(
        records.map(({ timestamp }) => (timestamp - START) / DAY),
        [0, -1, 2, -3, 4],
      )
      assert.ok(records.every(({ partition }) => partition === 3))
    })

  it('begins with the offset that is wanted', () => {
    const batch = only(batchOf(['a', 'b', 'c'], { offset: 10 }))
    assert.deepEqual(
      readBatch(batch, 0, 12).map(({ offset }) => offset),
      [12],
    )
    assert.deepEqual([batch.firstOffset, batch.lastOffset, batch.count], [10, 12, 3])
  })

  it('may have records that are years apart', () => {
    for (const days of [25, -25, 90, -4_000, 8_000]) {
      const record = [0, ...varint(days * DAY), 0, 1, 2, 0x61, 0]
      const bytes = Buffer.concat([
        batchOf(['']).subarray(0, 61),
        Buffer.from([...varint(record.length), ...record]),
      ])
      bytes.writeInt32BE(bytes.length - 12, 8)
      const [read] = readBatch(only(withAttributes(bytes, 0)), 0, 0)
      assert.equal(read?.value?.toString(), 'a')
      assert.equal(read?.timestamp, START + days * DAY)
    }
  })

  it('has the time of the broker where the topic asks for that', () => {
    const bytes = batchOf(['a', 'b'])
    bytes.writeBigInt64BE(BigInt(START + DAY), 35)
    const records = readBatch(only(withAttributes(bytes, 0x08)), 0, 0)
    assert.deepEqual(
      records.map(({ timestamp }) => timestamp),
      [START + DAY, START + DAY],
    )
  })

  it('is left out when the answer cuts it off, and the ones before it are not', () => {
    const whole = Buffer.concat([batchOf(['a']), batchOf(['b', 'c'], { offset: 1 })])
    for (let cut = 1; cut <= 80; cut += 1)
      assert.equal(splitBatches(whole.subarray(0, whole.length - cut)).length, 1)
    assert.equal(splitBatches(whole).length, 2)
    assert.deepEqual(splitBatches(Buffer.alloc(0)), [])
  })

  it('is refused when any byte of it was damaged', () => {
    const good = batchOf(['a', 'b'], { compression: 'lz4' })
    for (let at = 16; at < good.length; at += 1) {
      const bytes = Buffer.from(good)
      bytes[at] = (bytes[at] ?? 0) ^ 0x04
      assert.throws(() => splitBatches(bytes), /at offset 0 (is damaged|has format)/)
    }
  })

  it('is refused when its records do not fit it, whatever its checksum says', () => {
    const good = batchOf(['a', 'b', 'c'])
    let refused = 0
    for (let at = 57; at < good.length; at += 1)
      for (const wrong of [0x00, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(good)
        bytes[at] = wrong
        const batch = only(withAttributes(bytes, 0))
        // What is wrong within a key or a value is theirs to find. No number may lead outside of the batch, or to no end.
        try {
          assert.ok(readBatch(batch, 0, 0).length <= 3)
        } catch (error) {
          assert.match(String(error), /batch/)
          refused += 1
        }
      }
    assert.ok(refused > 50)
  })

  it('says so when it is compressed in a way that is unknown', () => {
    assert.throws(() => readBatch(only(withAttributes(batchOf(['a']), 0x05)), 0, 0), /unknown way \(5\)/)
  })
})

describe('transactions', () => {
  const read = (parts: readonly Buffer[], aborted: Parameters<typeof committed>[1]) =>
    committed(splitBatches(Buffer.concat(parts)), aborted).flatMap((batch) =>
      readBatch(batch, 0, 0).map(({ value }) => value?.toString()),
    )

  it('of one producer are told apart by what ends them', () => {
    const of = (values: string[], offset: number) =>
      batchOf(values, { offset, transactional: true, producerId: 7 })
    const parts = [
      of(['given up'], 0),
      markerOf(0, 1, 7),
      of(['kept'], 2),
      markerOf(1, 3, 7),
      of(['given up', 'too'], 4),
      markerOf(0, 6, 7),
      of(['kept as well'], 7),
      markerOf(1, 8, 7),
    ]
    const aborted = [
      { producerId: 7, firstOffset: 4 },
      { producerId: 7, firstOffset: 0 },
    ]
    assert.deepEqual(read(parts, aborted), ['kept', 'kept as well'])
  })

  it('that are given up are left out when their end is not in the answer, and others are not', () => {
    const parts = [
      batchOf(['given up'], { offset: 0, transactional: true, producerId: 7 }),
      batchOf(['kept'], { offset: 1, transactional: true, producerId: 8 }),
      batchOf(['of no transaction'], { offset: 2, producerId: 7 }),
    ]
    assert.deepEqual(read(parts, [{ producerId: 7, firstOffset: 0 }]), ['kept', 'of no transaction'])
  })
})
