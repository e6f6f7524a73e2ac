import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { count, emptyBatch } from './batch.ts'
import { lagOf, lagSecondsOf } from './lag.ts'
import { partitionState } from './partition-state.ts'
import { NOTHING } from './resume.ts'

const record = (partition: number, offset: number, timestamp: number) => ({
  partition,
  offset,
  timestamp,
  key: null,
  value: null,
  headers: [],
})

describe('lag', () => {
  it('counts from the handled offset to the end, including records in memory', () => {
    const states = new Map([[0, partitionState(1, NOTHING, 5)]])
    const batch = emptyBatch()
    count(batch, record(0, 5, 10_000), 0)
    const progress = new Map([[0, { position: 8, end: 12 }]])
    const lag = lagOf(progress, states)
    assert.deepEqual([...lag], [[0, 7]])
    assert.deepEqual([...lagSecondsOf(lag, states, [batch], 13_000)], [[0, 3]])
  })

  it('is that of the oldest batch, or of the last stored batch when none is in memory', () => {
    const state = partitionState(1, NOTHING, 5)
    state.reached = 4_000
    const states = new Map([[0, state]])
    const [older, newer] = [emptyBatch(), emptyBatch()]
    count(older, record(0, 5, 8_000), 0)
    count(newer, record(0, 6, 9_000), 0)
    const lag = new Map([[0, 2]])
    assert.equal(lagSecondsOf(lag, states, [older, newer], 10_000).get(0), 2)
    assert.equal(lagSecondsOf(lag, states, [emptyBatch()], 10_000).get(0), 6)
    assert.equal(lagSecondsOf(new Map([[0, 0]]), states, [older], 10_000).get(0), 0)
  })
})
