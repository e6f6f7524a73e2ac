import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Readiness } from '../../src/api/readiness.ts'
import type { SystemState } from '../../src/outputs/status/system.ts'
import { freePort } from '../../src/runtime/port.ts'
import { fingerprint, runPlayhead, storeStretch, withStore } from '../support/archive.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { reportSystem } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('an archive beside everything else', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  it('archives past hours, reports its state, and does not delay the start', async () => {
    const data = join(workspace.directory, 'playhead')
    const archive = join(workspace.directory, 'archive')
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 3000, storedAt: '2026-03-01 12:00:00' }),
    )
    const playhead = await workspace.start({ ARCHIVE: archive })
    const state = await until('the archive is written', async () => {
      const answer = (await (await fetch(`${playhead.url}/api/systems`)).json()) as { systems: SystemState[] }
      return answer.systems.find(({ name, lag }) => name === 'archive' && lag === 0)
    })
    assert.deepEqual(state, {
      name: 'archive',
      kind: 'archive',
      state: 'running',
      detail: '',
      handed: 3000,
      lag: 0,
    })
    assert.equal(await playhead.stop(), 0)
    const restored = join(workspace.directory, 'restored')
    const ended = await runPlayhead(['restore', '--from', archive], { PLAYHEAD_DATA: restored })
    assert.equal(ended.code, 0, ended.output)
    assert.deepEqual(await withStore(restored, fingerprint), await withStore(data, fingerprint))
    await reportSystem({ system: 'archive', case: 'beside all else', events: 3000, missing: 0, twice: 0 })
  })

  it('can run in a separate process, which reports its health', async () => {
    const data = join(workspace.directory, 'alone')
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 500, storedAt: '2026-03-01 12:00:00' }),
    )
    const port = await freePort()
    const archiver = spawnPlayhead(['archive', '--to', join(workspace.directory, 'alone-archive')], {
      PLAYHEAD_DATA: data,
      METRICS_PORT: String(port),
    })
    const ended = once(archiver, 'exit')
    try {
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)
      const metrics = await until('the archive is written', async () => {
        const text = (await (await ask('/metrics'))?.text()) ?? ''
        return text.includes('playhead_system_lag_offsets{system="archive"} 0') ? text : null
      })
      assert.match(metrics, /playhead_system_handed_total{system="archive"} 500/)
      const readiness = (await (await ask('/readyz'))?.json()) as Readiness
      assert.equal(readiness.ready, true)
      assert.deepEqual(readiness.systems, [{ name: 'archive', ok: true, state: 'running', detail: '' }])
    } finally {
      archiver.kill('SIGTERM')
    }
    assert.deepEqual(await ended, [0, null])
  })

  it('drops old listens from the store, and the page answers for them from the archive', async () => {
    const data = join(workspace.directory, 'keeping')
    const to = join(workspace.directory, 'keeping-archive')
    const archive = (...flags: string[]) =>
      runPlayhead(['archive', '--to', to, '--once', ...flags], { PLAYHEAD_DATA: data })
    const recently = new Date(Date.now() - 7_200_000).toISOString().slice(0, 19).replace('T', ' ')
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 700, storedAt: '2024-03-01 12:00:00' }),
    )
    assert.match((await archive()).output, /^700 listens archived/m)
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 700, count: 300, storedAt: recently }),
    )
    assert.match((await archive('--keep', '90d')).output, /^700 listens dropped from the store$/m)
    assert.equal((await withStore(data, fingerprint))[0], 300)
    const playhead = await workspace.start({ ARCHIVE: to, ARCHIVE_READ: 'on' }, 'keeping')
    assert.equal((await playhead.totals()).listens, 1000)
    assert.equal(await playhead.stop(), 0)
  })
})
