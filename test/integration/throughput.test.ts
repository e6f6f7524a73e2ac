import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Registry } from 'prom-client'
import { keepHistory } from '../../src/pipeline/history.ts'
import { pipelineMetrics } from '../../src/pipeline/metrics.ts'
import { askThroughput } from '../../src/questions/throughput.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { insertThroughput } from '../../src/store/throughput.ts'
import { until } from '../support/until.ts'

const LAG = { lag: () => new Map([[0, 5]]), lagSeconds: () => new Map([[0, 2.5]]) }

describe('the history of throughput', () => {
  let directory: string
  let store: Store
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-test-'))
    store = await openEmbeddedStore(join(directory, 'store'))
    await migrate(store)
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  const sums = async () => {
    const { minutes } = await askThroughput(store, {})
    const sum = (pick: (minute: (typeof minutes)[number]) => number) =>
      minutes.reduce((total, minute) => total + pick(minute), 0)
    return { read: sum(({ read }) => read), stored: sum(({ stored }) => stored), last: minutes.at(-1) }
  }

  it('counts each record once, however many rows and restarts it is spread over', async () => {
    for (const round of [1, 2]) {
      const metrics = pipelineMetrics(new Registry())
      const stop = keepHistory({ store, metrics, state: LAG, log: createLogger('silent'), everyMs: 20 })
      metrics.read.inc(10)
      metrics.stored.inc(7)
      await until('a row is written', async () => (await sums()).read === round * 20 - 10)
      metrics.read.inc(10)
      metrics.deadLettered.inc({ reason: 'not_json' })
      await stop()
      const { read, stored, last } = await sums()
      assert.deepEqual({ read, stored }, { read: round * 20, stored: round * 7 })
      assert.ok(last !== undefined && last.lag_seconds === 2.5 && last.lag_offsets >= 5)
    }
  })

  it('adds a row that could not be written to the next one', async () => {
    const before = (await sums()).read
    let refusals = 0
    const refusing: Store = {
      ...store,
      async insert(into, lines) {
        if (++refusals <= 2) throw new Error('refused')
        await store.insert(into, lines)
      },
    }
    const metrics = pipelineMetrics(new Registry())
    metrics.read.inc(3)
    const stop = keepHistory({
      store: refusing,
      metrics,
      state: LAG,
      log: createLogger('silent'),
      everyMs: 20,
    })
    await until('it was refused twice and then written', () => refusals > 2)
    await stop()
    assert.equal((await sums()).read - before, 3)
  })

  it('answers by the minute, oldest first, within from and to', async () => {
    const at = Date.UTC(2026, 0, 1, 12, 0, 30)
    const minute = at / 1000 - 30
    const row = { seconds: 60, readBytes: 0, deadLettered: 0, skipped: 0, lagOffsets: 1, lagSeconds: 0 }
    // Rows past the week vanish at a merge, which must not come between writing and asking.
    await store.run('SYSTEM STOP TTL MERGES throughput_history')
    await insertThroughput(store, { ...row, at, processId: 'a', read: 1, stored: 1 })
    await insertThroughput(store, { ...row, at, processId: 'b', read: 2, stored: 2 })
    await insertThroughput(store, { ...row, at: at + 60_000, processId: 'a', read: 4, stored: 4 })
    const ask = async (from: number, to: number) =>
      (await askThroughput(store, { from: String(from), to: String(to) })).minutes.map((one) => [
        one.minute,
        one.read,
        one.lag_offsets,
      ])
    assert.deepEqual(await ask(minute, minute + 60), [[minute, 3, 2]])
    assert.deepEqual(await ask(minute, minute + 120), [
      [minute, 3, 2],
      [minute + 60, 4, 1],
    ])
  })
})
