import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { quoted } from '../../src/outputs/archive/quoted.ts'
import { freePort } from '../../src/runtime/port.ts'
import {
  archiveWhileKilling,
  CRASHING_ARCHIVE,
  fingerprint,
  runPlayhead,
  storeStretch,
  withStore,
} from '../support/archive.ts'
import { awayUnderLoad } from '../support/archive-away.ts'
import { S3_KEYS, type S3Server, startS3Server } from '../support/s3-server.ts'
import { reportSystem, THOROUGH_SYSTEMS } from '../support/systems-report.ts'
import { openWorkspace } from '../support/workspace.ts'

const TO = 's3://listens/all'
const AWAY_MS = THOROUGH_SYSTEMS ? 60_000 : 5_000

describe('an archive on S3', () => {
  let directory: string
  let folder: string
  let port: number
  let server: S3Server
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-s3-'))
    folder = join(directory, 's3')
    await mkdir(join(folder, 'listens'), { recursive: true })
    port = await freePort()
    server = await startS3Server(folder, port)
  })
  after(async () => {
    await server.kill()
    await rm(directory, { recursive: true, force: true })
  })

  const settings = (data: string, more: Record<string, string> = {}) => ({
    PLAYHEAD_DATA: join(directory, data),
    ARCHIVE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    ARCHIVE_ACCESS_KEY: S3_KEYS.accessKey,
    ARCHIVE_SECRET_KEY: S3_KEYS.secretKey,
    ...more,
  })
  const archive = (to: string, more: Record<string, string> = {}) =>
    runPlayhead(['archive', '--to', to, '--once'], settings('data', more))

  /**
   * Checks that an archive holds the listens of a store: restores it, and counts the rows of all
   * files.
   */
  async function compare(data: string, to: string, what: string): Promise<void> {
    const restored = await runPlayhead(['restore', '--from', to], settings(`${data}-restored`))
    assert.equal(restored.code, 0, restored.output)
    const stored = await withStore(join(directory, data), fingerprint)
    assert.deepEqual(await withStore(join(directory, `${data}-restored`), fingerprint), stored)
    const files = `http://127.0.0.1:${port}/${to.slice('s3://'.length)}/day=*/*.parquet`
    const access = [files, S3_KEYS.accessKey, S3_KEYS.secretKey, 'Parquet'].map(quoted).join(', ')
    const [[rows, places] = [0, 0]] = await withStore(join(directory, data), (store) =>
      store.rows<[number, number]>(
        `SELECT count(), uniqExact(topic_id, kafka_partition, kafka_offset)
         FROM s3(${access}, 'topic_id String, kafka_partition Int32, kafka_offset Int64')`,
      ),
    )
    const [events] = stored
    assert.deepEqual([rows, places], [events, events])
    await reportSystem({
      system: 'archive on S3',
      case: what,
      events,
      missing: events - places,
      twice: rows - places,
    })
  }

  async function crash(data: string, to: string, point: string): Promise<void> {
    const child = spawn(process.execPath, [CRASHING_ARCHIVE, join(directory, data), to, point], {
      stdio: 'ignore',
      env: { ...process.env, ...settings(data) },
    })
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'])
  }

  it('reports a wrong key, a missing bucket or an unavailable server without showing a secret', async () => {
    await withStore(join(directory, 'data'), (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 50_000, storedAt: '2026-03-01 12:00:00' }),
    )
    const wrong = await archive(TO, { ARCHIVE_SECRET_KEY: 'wr0ng-key' })
    assert.match(wrong.output, /ARCHIVE_AUTH_FAILED: .*ARCHIVE_SECRET_KEY/)
    const absent = await archive('s3://nothing-here/all')
    assert.match(absent.output, /ARCHIVE_NO_BUCKET/)
    await server.kill()
    const away = await archive(TO)
    assert.match(away.output, /ARCHIVE_UNREACHABLE/)
    server = await startS3Server(folder, port)
    for (const { code, output } of [wrong, absent, away]) {
      assert.equal(code, 1)
      assert.ok(!output.includes('wr0ng-key') && !output.includes(S3_KEYS.secretKey))
    }
  })

  it('then holds each listen once and restores completely', async () => {
    const started = performance.now()
    const done = await archive(TO)
    const seconds = (performance.now() - started) / 1000
    assert.equal(done.code, 0, done.output)
    assert.match(done.output, /^50,000 listens archived/m)
    assert.match((await archive(TO)).output, /^0 listens archived/m)
    assert.deepEqual(await readdir(join(folder, 'listens', 'all', 'day=2026-03-01')), ['00000001.parquet'])
    const restored = await runPlayhead(['restore', '--from', TO], settings('restored'))
    assert.equal(restored.code, 0, restored.output)
    assert.deepEqual(
      await withStore(join(directory, 'restored'), fingerprint),
      await withStore(join(directory, 'data'), fingerprint),
    )
    await reportSystem({
      system: 'archive on S3',
      case: 'wrong key, away, back',
      events: 50_000,
      missing: 0,
      twice: 0,
      perSecond: 50_000 / seconds,
    })
  })

  for (const point of ['half_written', 'written', 'verified'])
    it(`holds each listen once when Playhead is killed ${point}`, async () => {
      const data = `killed-${point}`
      const to = `s3://listens/${data}`
      await withStore(join(directory, data), async (store) => {
        await storeStretch(store, { partition: 0, from: 0, count: 1000, storedAt: '2026-03-01 12:00:00' })
        await storeStretch(store, { partition: 0, from: 1000, count: 1000, storedAt: '2026-03-02 12:00:00' })
      })
      await crash(data, to, point)
      const ended = await runPlayhead(['archive', '--to', to, '--once'], settings(data))
      assert.equal(ended.code, 0, ended.output)
      await compare(data, to, `Playhead killed ${point}`)
    })

  for (const point of ['writing', 'half_written', 'written', 'verified'])
    it(`holds each listen once when S3 is killed ${point}`, async () => {
      const data = `server-killed-${point}`
      const to = `s3://listens/${data}`
      const dataDir = join(directory, data)
      await withStore(dataDir, async (store) => {
        await storeStretch(store, { partition: 0, from: 0, count: 300_000, storedAt: '2026-03-01 12:00:00' })
        await storeStretch(store, { partition: 1, from: 0, count: 1000, storedAt: '2026-03-02 12:00:00' })
      })
      const cut = await archiveWhileKilling([server.pid], point, { dataDir, to, env: settings(data) })
      assert.equal(cut.code, 1, cut.output)
      assert.match(cut.output, /^ARCHIVE_UNREACHABLE: .*check ARCHIVE/m)
      server = await startS3Server(folder, port)
      const ended = await runPlayhead(['archive', '--to', to, '--once'], settings(data))
      assert.equal(ended.code, 0, ended.output)
      await compare(data, to, `S3 killed ${point}`)
    })

  it('keeps no rows of an interrupted run that a newer store writes with other days', async () => {
    const to = 's3://listens/stale'
    await withStore(join(directory, 'stale'), (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 100, storedAt: '2026-03-01 12:00:00' }),
    )
    await crash('stale', to, 'verified')
    await withStore(join(directory, 'young'), (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 100, storedAt: '2026-03-05 12:00:00' }),
    )
    const ended = await runPlayhead(['archive', '--to', to, '--once'], settings('young'))
    assert.equal(ended.code, 0, ended.output)
    await compare('young', to, 'an older run cut short')
  })

  it('waits and reports it while S3 is unavailable under load, then continues while listens are stored', async () => {
    const workspace = await openWorkspace()
    const to = 's3://listens/up'
    const { PLAYHEAD_DATA: _, ...access } = settings('up')
    try {
      await awayUnderLoad({
        workspace,
        name: 'up',
        to,
        access,
        awayMs: AWAY_MS,
        secret: S3_KEYS.secretKey,
        kill: () => server.kill(),
        async start() {
          server = await startS3Server(folder, port)
        },
      })
      await compare(
        relative(directory, join(workspace.directory, 'up')),
        to,
        `away ${AWAY_MS / 1000} s under load`,
      )
    } finally {
      await workspace.close()
    }
  })
})
