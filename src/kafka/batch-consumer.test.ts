import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Reader, ResponseError, Writer } from '@platformatic/kafka'
import { batchOf } from '../../test/support/raw-batch.ts'
import { parse } from './batch-consumer.ts'

const FETCH = { key: 1, version: 17 }
const NOT_LEADER = 6
const UNKNOWN_SESSION = 70

/** A Fetch response about one topic. */
function responseOf(error: number, partitions: readonly { error: number; records: Buffer }[]): Reader {
  const writer = Writer.create().appendInt32(0).appendInt16(error).appendInt32(0)
  writer.appendArray([partitions], (topic) => {
    topic.appendUUID('f3f3a1a2-5b1c-4c7e-9a55-0d8f2f0b1c11')
    topic.appendArray([...partitions.entries()], (one, [partition, { error, records }]) => {
      one.appendInt32(partition).appendInt16(error)
      one.appendInt64(9n).appendInt64(9n).appendInt64(0n)
      one.appendArray([], () => {}).appendInt32(-1)
      one.appendUnsignedVarInt(records.length + 1).append(records)
    })
  })
  return Reader.from(writer.appendTaggedFields().dynamicBuffer.slice())
}

describe('a response of a broker', () => {
  it('has the records of a partition beside the error of another', () => {
    const reader = responseOf(0, [
      { error: NOT_LEADER, records: Buffer.alloc(0) },
      { error: 0, records: batchOf(['a', 'b']) },
    ])
    const [first, second] = parse(1, FETCH.key, FETCH.version, reader).responses[0]?.partitions ?? []
    assert.equal(first?.error?.['apiId'], 'NOT_LEADER_OR_FOLLOWER')
    assert.equal(second?.error, null)
    assert.deepEqual(
      second?.batches.map(({ count }) => count),
      [2],
    )
  })

  it('is an error when the broker refuses the whole request', () => {
    const reader = responseOf(UNKNOWN_SESSION, [])
    assert.throws(() => parse(1, FETCH.key, FETCH.version, reader), ResponseError)
  })
})
