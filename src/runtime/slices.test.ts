import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { slicesOf } from './slices.ts'

const slices = (sizes: readonly number[], limits: { records: number; bytes: number }) => [
  ...slicesOf(sizes, (size) => size, limits),
]

describe('slices of a list', () => {
  it('hold at most the bytes and the items that are allowed, in their order', () => {
    assert.deepEqual(slices([4, 4, 4, 1, 1], { records: 9, bytes: 8 }), [
      [4, 4],
      [4, 1, 1],
    ])
    assert.deepEqual(slices([1, 1, 1, 1, 1], { records: 2, bytes: 8 }), [[1, 1], [1, 1], [1]])
    assert.deepEqual(slices([0, 0, 0], { records: 2, bytes: 8 }), [[0, 0], [0]])
  })

  it('hold an item that is larger than allowed alone', () => {
    assert.deepEqual(slices([1, 99, 1, 99], { records: 9, bytes: 8 }), [[1], [99], [1], [99]])
  })

  it('are none of an empty list', () => {
    assert.deepEqual(slices([], { records: 2, bytes: 8 }), [])
  })
})
