import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BATCH_LIMITS, count, dueIn, emptyBatch, isFull } from './batch.ts'

const record = (partition: number, offset: number, bytes = 0, timestamp = 0) => ({
  partition,
  offset,
  timestamp,
  key: null,
  value: Buffer.alloc(bytes),
  headers: [],
})

describe('a batch', () => {
  it('is due some time after its first record', () => {
    const batch = emptyBatch()
    assert.equal(dueIn(batch, 1_000), null)
    count(batch, record(0, 0), 1_000)
    count(batch, record(0, 1), 1_050)
    assert.equal(dueIn(batch, 1_060), BATCH_LIMITS.ageMs - 60)
    assert.equal(dueIn(batch, 5_000), 0)
  })

  it('is full by records or by bytes, and then due', () => {
    const many = emptyBatch()
    for (let offset = 0; offset < BATCH_LIMITS.rows; offset += 1) count(many, record(0, offset), 0)
    assert.ok(isFull(many))
    assert.equal(dueIn(many, 0), 0)
    const large = emptyBatch()
    count(large, record(0, 0, BATCH_LIMITS.bytes - 1), 0)
    assert.ok(!isFull(large))
    count(large, record(0, 1, 1), 0)
    assert.ok(isFull(large))
  })

  it('knows the next offset of each partition and the time of its first record', () => {
    const batch = emptyBatch()
    count(batch, record(0, 7, 1, 100), 0)
    count(batch, record(2, 3, 1, 300), 0)
    count(batch, record(0, 8, 1, 200), 0)
    assert.deepEqual(
      [...batch.next],
      [
        [0, 9],
        [2, 4],
      ],
    )
    assert.deepEqual(
      [...batch.oldest],
      [
        [0, 100],
        [2, 300],
      ],
    )
  })
})
