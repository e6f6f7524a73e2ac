import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { retry } from './retry.ts'

describe('a retry', () => {
  const { signal } = new AbortController()

  it('repeats what fails, and waits twice as long each time up to a limit', async () => {
    const waits: number[] = []
    let attempts = 0
    const result = await retry(
      async () => {
        attempts += 1
        if (attempts < 5) throw new Error('not yet')
        return attempts
      },
      { firstMs: 1, lastMs: 4, signal, onFailure: (_error, waitMs) => waits.push(waitMs) },
    )
    assert.equal(result, 5)
    assert.deepEqual(waits, [1, 2, 4, 4])
  })

  it('is not made where it cannot help', async () => {
    let attempts = 0
    const run = async () => {
      attempts += 1
      throw new Error('too large')
    }
    await assert.rejects(retry(run, { firstMs: 1, signal, canHelp: () => false }), /too large/)
    assert.equal(attempts, 1)
  })

  it('ends with its signal', async () => {
    const stopping = new AbortController()
    const run = async () => {
      stopping.abort()
      throw new Error('unavailable')
    }
    await assert.rejects(retry(run, { firstMs: 3_600_000, signal: stopping.signal }), /unavailable/)
  })
})
