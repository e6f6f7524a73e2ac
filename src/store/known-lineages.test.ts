import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lineages } from './known-lineages.ts'

describe('the lineages of a topic', () => {
  const { idOf, isInLog, lostTails } = lineages('topic', [
    [2, 'first', 100, 130, 1_796_000_000],
    [2, 'second', 60, 120, 1_796_000_010],
    [3, 'other', 10, 11, 1_796_000_020],
  ])

  it('store new records of a partition under the latest', () => {
    assert.deepEqual([1, 2, 3].map(idOf), ['topic', 'second', 'other'])
  })

  it('name the offsets that the log has lost', () => {
    assert.deepEqual(lostTails[1], { partition: 2, from: 60, to: 120, notedAt: 1_796_000_010 })
    assert.equal(lostTails.length, 3)
  })

  it('know which stored records the log still has', () => {
    const has = (topicId: string, offset: number, partition = 2) => isInLog({ topicId, partition, offset })
    assert.deepEqual(
      [59, 60, 99, 100].map((offset) => has('topic', offset)),
      [true, false, false, false],
    )
    assert.deepEqual(
      [59, 60, 150].map((offset) => has('first', offset)),
      [true, false, false],
    )
    assert.ok(has('second', 1_000))
    assert.ok(has('topic', 1_000, 1))
    assert.ok(!has('another topic', 1, 1))
  })
})
