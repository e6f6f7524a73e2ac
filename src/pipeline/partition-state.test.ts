import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { advance, isIndexed, isStored, partitionState } from './partition-state.ts'

const range = (from: number, to: number) => ({ partition: 3, from, to })

describe('the state of a partition', () => {
  it('knows an offset as stored up to the mark of the store, unless the store lost it', () => {
    const state = partitionState(1, { stored: 9, indexed: 4, handled: 9, lost: [range(2, 4)] }, 2)
    const stored = Array.from({ length: 12 }, (_, offset) => offset).filter((at) => isStored(state, at))
    assert.deepEqual(stored, [0, 1, 4, 5, 6, 7, 8, 9])
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((offset) => isIndexed(state, offset)),
      [true, false, false, true, false],
    )
  })

  it('reports each gap before a record once', () => {
    const state = partitionState(1, { stored: -1, indexed: -1, handled: -1, lost: [] }, 0)
    assert.deepEqual(advance(state, 3, 0, 1), [])
    assert.deepEqual(advance(state, 3, 4, 5), [range(1, 4)])
    assert.deepEqual(advance(state, 3, 5, 6), [])
    assert.deepEqual(advance(state, 3, 9, 9), [range(6, 9)])
    assert.deepEqual(advance(state, 3, 9, 10), [])
  })

  it('reports only the offsets of a gap that the store does not know: lost ones, and those past its mark', () => {
    const state = partitionState(1, { stored: 20, indexed: -1, handled: 20, lost: [range(5, 8)] }, 5)
    assert.deepEqual(advance(state, 3, 30, 31), [range(5, 8), range(21, 30)])
  })
})
