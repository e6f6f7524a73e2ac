import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fingerprint, runPlayhead, storeStretch, withStore } from '../support/archive.ts'
import { freePort } from '../support/ports.ts'
import { S3_KEYS, type S3Server, startS3Server } from '../support/s3-server.ts'
import { reportSystem } from '../support/systems-report.ts'

const TO = 's3://listens/all'

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

  it('says that a key is wrong, a bucket absent or a server away, and shows no secret', async () => {
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

  it('holds each listen once after that, and is restored whole', async () => {
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
})
