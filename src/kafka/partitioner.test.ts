import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { murmur2 } from '@platformatic/kafka'
import { partitionHash } from './partitioner.ts'

describe('the partition of a key', () => {
  it('is the one that Kafka’s own clients choose', () => {
    // The partitions that Kafka's Java client chooses for these keys.
    for (const [key, hash] of [
      ['21', -973_932_308],
      ['foobar', -790_332_482],
      ['a-little-bit-long-string', -985_981_536],
      ['a-little-bit-longer-string', -1_486_304_829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
      ['abc', 479_470_107],
    ] as const)
      assert.equal(partitionHash(Buffer.from(key)), hash & 0x7fffffff, key)
  })

  it('is the same as the client library’s for keys of any length and any bytes', () => {
    for (let length = 0; length < 70; length += 1) {
      const key = Buffer.from(Array.from({ length }, (_, at) => (at * 197 + length * 31) % 256))
      assert.equal(partitionHash(key), murmur2(key) & 0x7fffffff, `${length} bytes`)
    }
  })
})
