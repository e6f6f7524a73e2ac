import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  batchOf,
  DAY,
  markerOf,
  rawBatch,
  rawRecord,
  readAll,
  START,
  varint,
  withAttributes,
} from '../../test/support/raw-batch.ts'
import { splitBatches } from './record-batch.ts'
import { committed } from './transactions.ts'

const only = (bytes: Buffer) => {
  const [batch] = splitBatches(bytes)
  assert.ok(batch)
  return batch
}

describe('a record batch', () => {
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    it(`is read as it was written, with ${compression} compression`, async () => {
      const values = ['one', '', 'Lovers’ Carvings', 'x'.repeat(20_000), 'five']
      const records = await readAll(only(batchOf(values, { compression, offset: 5_000_000_000 })), 3, 0)
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

  it('begins with the requested offset', async () => {
    const batch = only(batchOf(['a', 'b', 'c'], { offset: 10 }))
    const offsets = (await readAll(batch, 0, 12)).map(({ offset }) => offset)
    assert.deepEqual(offsets, [12])
    assert.deepEqual([batch.firstOffset, batch.lastOffset, batch.count], [10, 12, 3])
  })

  it('may have records that are years apart', async () => {
    for (const days of [25, -25, 90, -4_000, 8_000]) {
      const bytes = rawBatch([rawRecord(0, Buffer.from('a'), { timestampDelta: varint(days * DAY) })])
      const [read] = await readAll(only(bytes), 0, 0)
      assert.equal(read?.value?.toString(), 'a')
      assert.equal(read?.timestamp, START + days * DAY)
    }
  })

  it('has the broker’s time if the topic is configured so', async () => {
    const bytes = batchOf(['a', 'b'])
    bytes.writeBigInt64BE(BigInt(START + DAY), 35)
    const records = await readAll(only(withAttributes(bytes, 0x08)), 0, 0)
    assert.deepEqual(
      records.map(({ timestamp }) => timestamp),
      [START + DAY, START + DAY],
    )
  })

  it('is skipped when the answer cuts it off; earlier ones are kept', async () => {
    const whole = Buffer.concat([batchOf(['a']), batchOf(['b', 'c'], { offset: 1 })])
    for (let cut = 1; cut <= 80; cut += 1)
      assert.equal(splitBatches(whole.subarray(0, whole.length - cut)).length, 1)
    assert.equal(splitBatches(whole).length, 2)
    assert.deepEqual(splitBatches(Buffer.alloc(0)), [])
  })

  it('is marked as damaged when any byte of it was changed', () => {
    const good = batchOf(['a', 'b'], { compression: 'lz4' })
    for (let at = 16; at < good.length; at += 1) {
      const bytes = Buffer.from(good)
      bytes[at] = (bytes[at] ?? 0) ^ 0x04
      assert.match(only(bytes).damage ?? '', /checksum is wrong|has format/)
    }
  })
})

describe('transactions', () => {
  async function read(parts: readonly Buffer[], aborted: Parameters<typeof committed>[1]) {
    const batches = committed(splitBatches(Buffer.concat(parts)), aborted)
    const records = await Promise.all(batches.map((batch) => readAll(batch, 0, 0)))
    return records.flat().map(({ value }) => value?.toString())
  }

  it('of one producer are separated by their end markers', async () => {
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
    assert.deepEqual(await read(parts, aborted), ['kept', 'kept as well'])
  })

  it('that are aborted are skipped when their end is not in the answer; others are kept', async () => {
    const parts = [
      batchOf(['given up'], { offset: 0, transactional: true, producerId: 7 }),
      batchOf(['kept'], { offset: 1, transactional: true, producerId: 8 }),
      batchOf(['of no transaction'], { offset: 2, producerId: 7 }),
    ]
    assert.deepEqual(await read(parts, [{ producerId: 7, firstOffset: 0 }]), ['kept', 'of no transaction'])
  })
})
