import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { rawBatch, rawRecord } from '../../test/support/raw-batch.ts'
import { READ_LIMITS, readBatch } from './batch-reader.ts'
import { bytesOf } from './fetched-record.ts'
import { createReadQueue, TAKE } from './read-queue.ts'
import { splitBatches } from './record-batch.ts'

const [GZIP, ZSTD] = [1, 4]
const MIB = 1_048_576

/** Takes all records of a batch and returns the largest number of records and of bytes of one take. */
async function takesOf(bytes: Buffer): Promise<{ taken: number; records: number; bytes: number }> {
  const queue = createReadQueue()
  const [batch] = splitBatches(bytes)
  assert.ok(batch !== undefined)
  queue.add(1, [readBatch(batch, 0, 0)])
  const most = { taken: 0, records: 0, bytes: 0 }
  for (let found = await queue.take(); found.length > 0; found = await queue.take()) {
    most.taken += found.length
    most.records = Math.max(most.records, found.length)
    most.bytes = Math.max(
      most.bytes,
      found.reduce((sum, record) => sum + bytesOf(record), 0),
    )
  }
  return most
}

describe('records of a batch that expands far', () => {
  const zstd = { attributes: ZSTD, compress: (bytes: Buffer) => zstdCompressSync(bytes) }
  const gzip = { attributes: GZIP, compress: (bytes: Buffer) => gzipSync(bytes) }

  it('are taken in portions whose bytes the sender does not choose', async () => {
    const value = Buffer.alloc(MIB - 100, ' ')
    const records = Array.from({ length: 60 }, (_, at) => rawRecord(at, value))
    for (const options of [zstd, gzip]) {
      const most = await takesOf(rawBatch(records, options))
      assert.equal(most.taken, 60)
      assert.ok(most.bytes <= TAKE.bytes + value.length, `${most.bytes} bytes in a take`)
    }
  })

  it('are taken in portions of a bounded number when they have no bytes', async () => {
    const tombstone = rawRecord(0, null)
    const most = await takesOf(
      rawBatch(
        Array.from({ length: 50_000 }, () => tombstone),
        gzip,
      ),
    )
    assert.equal(most.taken, 50_000)
    assert.ok(most.records <= TAKE.records, `${most.records} records in a take`)
  })

  it('are cut when one of them is larger than memory should hold', async () => {
    const most = await takesOf(rawBatch([rawRecord(0, Buffer.alloc(64 * MIB, ' '))], zstd))
    assert.equal(most.taken, 1)
    assert.ok(most.bytes <= READ_LIMITS.keptBytes, `${most.bytes} bytes in a take`)
  })
})
