import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  archiveWhileKilling,
  CRASHING_ARCHIVE,
  fingerprint,
  runPlayhead,
  storeStretch,
  withStore,
} from '../support/archive.ts'
import { awayUnderLoad } from '../support/archive-away.ts'
import { type RunningHdfs, startHdfs } from '../support/hdfs.ts'
import { reportSystem, THOROUGH_SYSTEMS } from '../support/systems-report.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const AWAY_MS = THOROUGH_SYSTEMS ? 60_000 : 3_000

describe('an archive on HDFS', () => {
  let workspace: Workspace
  let hdfs: RunningHdfs
  before(async () => {
    workspace = await openWorkspace()
    hdfs = await startHdfs(join(workspace.directory, 'hdfs'))
    await hdfs.shell('-mkdir', '/listens')
    await hdfs.shell('-chown', 'listener', '/listens')
  })
  after(async () => {
    await hdfs?.kill()
    await workspace.close()
  })

  const at = (path: string, user = 'listener') =>
    `${hdfs.address.replace('//', `//${user}@`)}/listens/${path}`
  const dataOf = (name: string) => join(workspace.directory, name)
  const settings = (name: string) => ({ PLAYHEAD_DATA: dataOf(name), ARCHIVE_HDFS_HTTP: hdfs.http })
  const archive = (name: string, to: string) => runPlayhead(['archive', '--to', to, '--once'], settings(name))

  /**
   * Checks that an archive holds the stored listens: restores it, and counts its rows with the
   * engine.
   */
  async function compare(name: string, to: string, what: string, perSecond?: number): Promise<void> {
    const restored = await runPlayhead(['restore', '--from', to], settings(`${name}-restored`))
    assert.equal(restored.code, 0, restored.output)
    const stored = await withStore(dataOf(name), fingerprint)
    assert.deepEqual(await withStore(dataOf(`${name}-restored`), fingerprint), stored)
    const [[rows, places] = [0, 0]] = await withStore(dataOf(name), (store) =>
      store.rows<[number, number]>(
        `SELECT count(), uniqExact(topic_id, kafka_partition, kafka_offset) FROM hdfs('${to}/day=*/*.parquet', 'Parquet',
           'topic_id String, kafka_partition Int32, kafka_offset Int64')`,
      ),
    )
    const [events] = stored
    await reportSystem({
      system: 'archive on HDFS',
      case: what,
      events,
      missing: events - places,
      twice: rows - places,
      ...(perSecond === undefined ? {} : { perSecond }),
    })
    assert.deepEqual([rows, places], [events, events])
  }

  it('reports that a user may not write or that HDFS is unavailable, and then holds each listen once', async () => {
    await withStore(dataOf('first'), async (store) => {
      await storeStretch(store, { partition: 0, from: 0, count: 100_000, storedAt: '2026-03-01 12:00:00' })
      await storeStretch(store, { partition: 1, from: 0, count: 100_000, storedAt: '2026-03-02 12:00:00' })
    })
    const refused = await archive('first', at('first', 'stranger'))
    assert.equal(refused.code, 1)
    assert.match(refused.output, /ARCHIVE_NOT_ALLOWED: .*Grant it/)
    await hdfs.kill()
    const away = await archive('first', at('first'))
    assert.equal(away.code, 1)
    assert.match(away.output, /ARCHIVE_UNREACHABLE: .*ARCHIVE_HDFS_HTTP/)
    await hdfs.start()
    const started = performance.now()
    const done = await archive('first', at('first'))
    const seconds = (performance.now() - started) / 1000
    assert.equal(done.code, 0, done.output)
    assert.match(done.output, /^200,000 listens archived/m)
    assert.match((await archive('first', at('first'))).output, /^0 listens archived/m)
    await compare('first', at('first'), 'wrong user, away, back', 200_000 / seconds)
  })

  for (const point of ['half_written', 'written', 'verified'])
    it(`holds each listen once when Playhead is killed ${point}`, async () => {
      const name = `killed-${point}`
      await withStore(dataOf(name), async (store) => {
        await storeStretch(store, { partition: 0, from: 0, count: 1000, storedAt: '2026-03-01 12:00:00' })
        await storeStretch(store, { partition: 0, from: 1000, count: 1000, storedAt: '2026-03-02 12:00:00' })
      })
      const child = spawn(process.execPath, [CRASHING_ARCHIVE, dataOf(name), at(name), point], {
        stdio: 'ignore',
        env: { ...process.env, ARCHIVE_HDFS_HTTP: hdfs.http },
      })
      assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'])
      const ended = await archive(name, at(name))
      assert.equal(ended.code, 0, ended.output)
      await compare(name, at(name), `Playhead killed ${point}`)
    })

  for (const point of ['writing', 'half_written', 'written', 'verified'])
    it(`holds each listen once when HDFS is killed ${point}`, async () => {
      const name = `server-killed-${point}`
      await withStore(dataOf(name), async (store) => {
        await storeStretch(store, { partition: 0, from: 0, count: 300_000, storedAt: '2026-03-01 12:00:00' })
        await storeStretch(store, { partition: 1, from: 0, count: 1000, storedAt: '2026-03-02 12:00:00' })
      })
      const cut = await archiveWhileKilling(hdfs.pids(), point, {
        dataDir: dataOf(name),
        to: at(name),
        env: settings(name),
      })
      assert.equal(cut.code, 1, cut.output)
      assert.match(cut.output, /^ARCHIVE_UNREACHABLE: .*check ARCHIVE/m)
      await hdfs.kill()
      await hdfs.start()
      const ended = await archive(name, at(name))
      assert.equal(ended.code, 0, ended.output)
      await compare(name, at(name), `HDFS killed ${point}`)
    })

  it('waits and reports it while HDFS is unavailable under load, then continues while listens are stored', async () => {
    await awayUnderLoad({
      workspace,
      name: 'up',
      to: at('up'),
      access: { ARCHIVE_HDFS_HTTP: hdfs.http },
      awayMs: AWAY_MS,
      kill: () => hdfs.kill(),
      start: () => hdfs.start(),
    })
    await compare('up', at('up'), `HDFS away ${AWAY_MS / 1000} s under load`)
  })
})
