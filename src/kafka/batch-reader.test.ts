import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { mutatedBatches, unaccounted } from '../../test/support/mutations.ts'
import {
  batchOf,
  rawBatch,
  rawRecord,
  readAll,
  START,
  varint,
  withAttributes,
} from '../../test/support/raw-batch.ts'
import { READ_LIMITS, readBatch } from './batch-reader.ts'
import { bytesOf, type FetchedRecord } from './fetched-record.ts'
import { splitBatches } from './record-batch.ts'

const [GZIP, SNAPPY, LZ4, ZSTD] = [1, 2, 3, 4]
const SKIPPABLE = Buffer.from([0x57, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

const only = (bytes: Buffer) => {
  const [batch] = splitBatches(bytes)
  assert.ok(batch)
  return batch
}
const textsOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString() ?? null)
const recordsOf = (texts: readonly string[]) => texts.map((text, at) => rawRecord(at, Buffer.from(text)))
const read = (bytes: Buffer) => readAll(only(bytes), 0, 0)

describe('an unusual record batch', () => {
  it('wraps its timestamps at 64 bits', async () => {
    const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n]
    for (const [firstTimestamp, delta] of [
      [least, BigInt.asIntN(64, BigInt(START) - least)],
      [greatest, BigInt.asIntN(64, BigInt(START) - greatest)],
      [BigInt(START), 0n],
    ] as const) {
      const record = rawRecord(0, Buffer.from('a'), { timestampDelta: varint(delta) })
      assert.equal((await read(rawBatch([record], { firstTimestamp })))[0]?.timestamp, START)
    }
    const far = rawRecord(0, Buffer.from('a'), { timestampDelta: varint(greatest) })
    assert.equal((await read(rawBatch([far], { firstTimestamp: 0n })))[0]?.timestamp, Number(greatest))
  })

  it('is read with numbers in more bytes than needed', async () => {
    const record = Buffer.from([0x94, 0x80, 0x00, 0, 0x80, 0x80, 0x00, 0x80, 0x00, 1, 2, 0x61, 0])
    assert.deepEqual(textsOf(await read(rawBatch([record]))), ['a'])
  })

  it('is read through several gzip members, and what follows them is ignored', async () => {
    const texts = ['one', 'two', 'three']
    const records = recordsOf(texts)
    const parts = records.map((record) => gzipSync(record))
    for (const rest of ['', 'garbage that is no gzip member', '\x1f', '\x1f\x8b\x09 is an unknown method'])
      assert.deepEqual(
        textsOf(
          await read(
            rawBatch(records, {
              attributes: GZIP,
              compress: () => Buffer.concat([...parts, Buffer.from(rest, 'latin1')]),
            }),
          ),
        ),
        texts,
      )
  })

  it('is read through several Zstandard frames, skippable ones among them', async () => {
    const texts = ['one', 'two', 'three']
    const records = recordsOf(texts)
    const frames = records.flatMap((record) => [SKIPPABLE, zstdCompressSync(record)])
    const compress = () => Buffer.concat([...frames, SKIPPABLE])
    assert.deepEqual(textsOf(await read(rawBatch(records, { attributes: ZSTD, compress }))), texts)
  })

  it('has its records at the offsets that the broker counted, whatever the producer wrote', async () => {
    const records = [0, 5, 2, 2, -7].map((delta) => rawRecord(delta, Buffer.from(`${delta}`)))
    assert.deepEqual(
      (await read(rawBatch(records))).map(({ offset, value }) => [offset, value?.toString()]),
      [0, 5, 2, 2, -7].map((delta, at) => [at, `${delta}`]),
    )
  })

  it('keeps its gaps where compaction removed records', async () => {
    const bytes = rawBatch([rawRecord(2, Buffer.from('a')), rawRecord(7, Buffer.from('b'))], { lastDelta: 9 })
    assert.deepEqual(
      (await read(bytes)).map(({ offset }) => offset),
      [2, 7],
    )
    const falling = rawBatch([rawRecord(7, Buffer.from('b')), rawRecord(2, Buffer.from('a'))], {
      lastDelta: 9,
    })
    const [first, rest] = await read(falling)
    assert.equal(first?.offset, 7)
    assert.deepEqual([rest?.offset, rest?.unreadable?.lastOffset], [8, 9])
  })
})

describe('an unreadable record batch', () => {
  it('gives the records before the fault, and then all of its offsets with its bytes', async () => {
    const bytes = rawBatch([...recordsOf(['a', 'b']), Buffer.from([0x08, 0, 0]), Buffer.alloc(9)], {
      count: 5,
    })
    const [a, b, rest, ...more] = await read(bytes)
    assert.deepEqual([a?.value?.toString(), b?.value?.toString(), more.length], ['a', 'b', 0])
    assert.deepEqual([rest?.offset, rest?.unreadable?.lastOffset], [2, 4])
    assert.deepEqual(rest?.value, bytes)
    assert.match(rest?.unreadable?.why ?? '', /record/)
  })

  for (const [what, bytes] of [
    ['is compressed in an unknown way', withAttributes(batchOf(['a']), 5)],
    ['is not compressed as it says', withAttributes(batchOf(['a']), GZIP)],
    ['has an LZ4 frame that is none', withAttributes(batchOf(['a']), LZ4)],
    ['has a Snappy block that is none', withAttributes(batchOf(['a']), SNAPPY)],
    ['has a Zstandard frame that is none', withAttributes(batchOf(['a']), ZSTD)],
    ['has fewer records than it says', rawBatch(recordsOf(['a']), { count: 1_000_000 })],
    ['has a negative number of records', rawBatch(recordsOf(['a']), { count: -1, lastDelta: 0 })],
    ['has more records than it says', rawBatch(recordsOf(['a', 'b']), { count: 1, lastDelta: 1 })],
    [
      'claims four billion bytes in a Snappy block',
      rawBatch([], {
        count: 1,
        attributes: SNAPPY,
        compress: () => Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]),
      }),
    ],
  ] as const)
    it(`${what}: all of its offsets are accounted for`, async () => {
      const batch = only(bytes)
      const records = await readAll(batch, 0, 0)
      const rest = records.at(-1)
      assert.ok(rest?.unreadable !== undefined, what)
      assert.equal(rest.unreadable.lastOffset, batch.lastOffset)
      assert.equal(rest.offset, records.length - 1)
    })
})

describe('a record batch that expands', () => {
  /** Reads a batch like the fetcher, and measures the memory used. */
  async function measured(bytes: Buffer) {
    const reader = readBatch(only(bytes), 0, 0)
    let [count, largest] = [0, 0]
    while (!reader.isDone) {
      const records = await reader.take({ records: 1_000, bytes: 1_048_576 })
      count += records.length
      largest = Math.max(
        largest,
        records.reduce((sum, record) => sum + bytesOf(record), 0),
      )
      assert.ok(records.length <= 1_000)
      assert.ok(records.every(({ unreadable }) => unreadable === undefined))
    }
    return { count, largest }
  }
  const COMPRESSIONS = { gzip: [GZIP, gzipSync], zstd: [ZSTD, zstdCompressSync] } as const

  for (const [name, [attributes, compress]] of Object.entries(COMPRESSIONS)) {
    it(`is read in chunks: a million tombstones in ${name}`, async () => {
      const tombstone = rawRecord(0, null)
      const bytes = rawBatch([Buffer.alloc(1_200_000 * tombstone.length, tombstone)], {
        count: 1_200_000,
        attributes,
        compress,
      })
      assert.equal((await measured(bytes)).count, 1_200_000)
    })

    it(`is read in chunks: a hundred megabytes of records in ${name}`, async () => {
      const record = rawRecord(0, Buffer.alloc(1_000_000, 0x20))
      const bytes = rawBatch(Array(100).fill(record), { attributes, compress })
      const { count, largest } = await measured(bytes)
      assert.equal(count, 100)
      assert.ok(largest < 4_000_000, `${largest}`)
    })

    it(`keeps the start of a record that is too large for memory, in ${name}`, async () => {
      const value = Buffer.alloc(30_000_000, 0x20)
      const records = [
        rawRecord(0, Buffer.from('before')),
        rawRecord(1, value),
        rawRecord(2, Buffer.from('after')),
      ]
      const [before, large, after] = await read(rawBatch(records, { attributes, compress }))
      assert.deepEqual([before?.value?.toString(), after?.value?.toString()], ['before', 'after'])
      assert.equal(large?.value?.length, READ_LIMITS.keptBytes)
      assert.deepEqual(large?.cut, {
        valueBytes: value.length,
        valueSha256: createHash('sha256').update(value).digest('hex'),
        headers: 0,
      })
    })
  }

  it('keeps the first of millions of headers', async () => {
    const headers = [...varint(1_000_000)]
    const body = Buffer.concat([Buffer.from(headers), Buffer.alloc(2_000_000)])
    const start = Buffer.from([0, 0, 0, 1, 2, 0x61])
    const record = Buffer.concat([Buffer.from(varint(start.length + body.length)), start, body])
    const [first] = await read(rawBatch([record]))
    assert.equal(first?.headers.length, READ_LIMITS.headers)
    assert.deepEqual([first?.cut?.valueBytes, first?.cut?.headers], [1, 1_000_000])
  })
})

describe('mutated record batches', () => {
  const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_201)
  const BUDGET_MS = Number(process.env['FUZZ_MS'] ?? 2_000)

  it(`are read without a crash, and each of their offsets is accounted for (seed ${SEED})`, async () => {
    const end = performance.now() + BUDGET_MS
    let mutations = 0
    for (const bytes of mutatedBatches(SEED)) {
      if (performance.now() > end) break
      mutations += 1
      assert.equal(await unaccounted(bytes), null)
    }
    assert.ok(mutations > 100)
  })
})
