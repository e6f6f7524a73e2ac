import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recentlyLost } from './lost-tails.ts'

const DAY = 86_400
const NOW = 1_796_000_000

describe('logs that lost their end', () => {
  it('are reported for a week, the latest first', () => {
    const lost = [9 * DAY, 6 * DAY, 60].map((age, partition) => ({
      ...{ partition, from: 10, to: 20 },
      notedAt: NOW - age,
    }))
    assert.deepEqual(recentlyLost(lost, NOW * 1_000), [
      { partition: 2, first_offset: 10, end_offset: 20, noted_at: NOW - 60 },
      { partition: 1, first_offset: 10, end_offset: 20, noted_at: NOW - 6 * DAY },
    ])
  })
})
