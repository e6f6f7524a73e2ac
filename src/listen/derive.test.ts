import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCompleted, percentListened } from './derive.ts'

describe('percent listened', () => {
  it('is the share of the track that was played', () => {
    assert.equal(percentListened(53, 212), 25)
    assert.equal(percentListened(0, 212), 0)
    assert.equal(percentListened(212, 212), 100)
  })

  it('stays between 0 and 100, whatever it is given', () => {
    assert.equal(percentListened(300, 212), 100)
    assert.equal(percentListened(-1, 212), 0)
    assert.equal(percentListened(10, 0), 0)
    assert.equal(percentListened(Number.NaN, 212), 0)
    assert.equal(percentListened(10, Number.NaN), 0)
    assert.equal(percentListened(Number.MAX_VALUE, Number.MAX_VALUE), 100)
    assert.equal(percentListened(Number.MAX_VALUE / 2, Number.MAX_VALUE), 50)
  })
})

describe('completed', () => {
  it('begins at 80 % of the track', () => {
    assert.equal(isCompleted(159.99, 200), false)
    assert.equal(isCompleted(160, 200), true)
    assert.equal(isCompleted(200, 200), true)
  })
})
