import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { createArrivals } from './arrivals.ts'

const listens = (...ids: string[]) => ids.map((id) => ({ id, timestamp: 0 }) as StoredListen)
const batch = (ids: string[], stored = ids.length) => ({
  listens: listens(...ids),
  stored,
  sampled: stored > ids.length,
})
const ids = (all: readonly StoredListen[]) => all.map(({ id }) => id)

/** Lets the time pass that batches are gathered for. */
function gathered(run: (pass: () => void) => void): void {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    run(() => mock.timers.tick(250))
  } finally {
    mock.timers.reset()
  }
}

describe('arrivals', () => {
  it('shows many batches as one update', () =>
    gathered((pass) => {
      const arrivals = createArrivals(() => 0)
      let updates = 0
      arrivals.subscribe(() => {
        updates += 1
      })
      for (const id of ['a', 'b', 'c']) arrivals.receive(batch([id]))
      assert.equal(updates, 0)
      pass()
      assert.equal(updates, 1)
      assert.deepEqual(new Set(ids(arrivals.getState().shown)), new Set(['a', 'b', 'c']))
    }))

  it('counts what it holds, and shows it on release', () =>
    gathered((pass) => {
      const arrivals = createArrivals(() => 0)
      arrivals.hold(true)
      arrivals.receive(batch(['a', 'b']))
      pass()
      assert.equal(arrivals.getState().heldCount, 2)
      assert.deepEqual(arrivals.getState().shown, [])
      arrivals.hold(false)
      assert.equal(arrivals.release(), true)
      assert.deepEqual(ids(arrivals.getState().shown), ['a', 'b'])
      assert.equal(arrivals.getState().heldCount, 0)
    }))

  it('asks for the table again when what it held was a sample', () =>
    gathered((pass) => {
      const arrivals = createArrivals(() => 0)
      arrivals.hold(true)
      arrivals.receive(batch(['a'], 500))
      pass()
      assert.equal(arrivals.getState().heldCount, 500)
      assert.equal(arrivals.getState().sampled, true)
      assert.equal(arrivals.release(), false)
    }))

  it('counts a listen that comes twice once', () =>
    gathered((pass) => {
      const arrivals = createArrivals(() => 0)
      arrivals.receive(batch(['a']))
      pass()
      arrivals.receive(batch(['a', 'b']))
      pass()
      assert.deepEqual(ids(arrivals.getState().shown), ['b', 'a'])
    }))

  it('forgets what the table, asked for again, covers', () =>
    gathered((pass) => {
      const arrivals = createArrivals(() => 0)
      arrivals.receive(batch(['a']))
      pass()
      const mark = arrivals.mark()
      arrivals.receive(batch(['b']))
      pass()
      arrivals.settle(mark)
      assert.deepEqual(ids(arrivals.getState().shown), ['b'])
    }))
})
