import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { settledWithin, wait } from './wait.ts'

const LONG_MS = 3_600_000

describe('a wait', () => {
  it('ends when its signal aborts, and leaves no listener', async () => {
    const stopping = new AbortController()
    const waiting = wait(LONG_MS, stopping.signal)
    assert.equal(getEventListeners(stopping.signal, 'abort').length, 1)
    stopping.abort()
    await waiting
    assert.equal(getEventListeners(stopping.signal, 'abort').length, 0)
    await wait(LONG_MS, stopping.signal)
  })

  it('leaves no listener when its time is over', async () => {
    const { signal } = new AbortController()
    await wait(1, signal)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})

describe('waiting for a promise', () => {
  it('returns whether it settled in time', async () => {
    assert.equal(await settledWithin(LONG_MS, Promise.resolve('done')), true)
    assert.equal(await settledWithin(LONG_MS, Promise.reject(new Error('failed'))), true)
    assert.equal(await settledWithin(1, new Promise(() => {})), false)
  })
})
