import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inSteps } from './span.ts'

const minute = (at: number, read: number, lag: number) => ({
  ...{ minute: at, read, read_bytes: 0, stored: read - 60, dead_lettered: 30, skipped: 30 },
  ...{ lag_offsets: lag, lag_seconds: 0 },
})

describe('the history of throughput in steps', () => {
  it('gives rates a second and the greatest lag of each step', () => {
    assert.deepEqual(inSteps([minute(0, 600, 5), minute(540, 600, 7), minute(600, 1_200, 1)], 10), [
      { at: 0, arrived: 2, handled: 2, lag: 7 },
      { at: 600, arrived: 2, handled: 2, lag: 1 },
    ])
  })
})
