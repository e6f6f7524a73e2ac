import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { Admin } from '@platformatic/kafka'
import { type LocalBroker, type LocalBrokerOptions, startLocalBroker } from '../../src/kafka/broker.ts'
import { commandLine, isRunning } from '../../src/runtime/running-process.ts'
import '../support/end-on-signal.ts'
import { freePort } from '../../src/runtime/port.ts'
import { type RunningScript, startScript } from '../support/script.ts'
import { until } from '../support/until.ts'

describe('the local broker', () => {
  let folder: string
  const brokers: LocalBroker[] = []
  const scripts: RunningScript[] = []
  const orphans: number[] = []

  async function start(name: string, options: Partial<LocalBrokerOptions> = {}): Promise<LocalBroker> {
    const port = options.port ?? (await freePort())
    const broker = await startLocalBroker({ dataDir: join(folder, name), log: () => {}, ...options, port })
    brokers.push(broker)
    return broker
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead broker, '))
  })

  afterEach(async () => {
    for (const broker of brokers.splice(0)) await broker.stop()
    for (const script of scripts.splice(0)) await script.kill()
    for (const pid of orphans.splice(0)) if (await isRunning(pid)) process.kill(pid, 'SIGKILL')
  })

  after(() => rm(folder, { recursive: true, force: true }))

  it('answers after its start, and keeps its data after a stop and a move to another port', async () => {
    const first = await start('kept')
    assert.equal(first.state, 'running')
    await withAdmin(first, (admin) => admin.createTopics({ topics: ['kept'], partitions: 3, replicas: 1 }))
    await first.stop()
    assert.equal(first.state, 'stopped')
    assert.equal(await isRunning(first.pid), false)

    const second = await start('kept')
    assert.notEqual(second.address, first.address)
    const metadata = await withAdmin(second, (admin) => admin.metadata({ topics: ['kept'] }))
    assert.equal(metadata.topics.get('kept')?.partitionsCount, 3)
    assert.ok((await readdir(join(folder, 'kept', 'logs'))).includes('kafka.log'))
  })

  it('does not create a topic on a request for its metadata', async () => {
    const broker = await start('topics')
    await withAdmin(broker, (admin) =>
      admin.metadata({ topics: ['surprise'], autocreateTopics: true }).catch(() => null),
    )
    assert.deepEqual(await withAdmin(broker, (admin) => admin.listTopics()), [])
  })

  it('runs in a separate process group, so that Ctrl-C does not reach it', {
    skip: process.platform !== 'linux',
  }, async () => {
    const broker = await start('group')
    const stat = await readFile(`/proc/${broker.pid}/stat`, 'utf8')
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    assert.equal(Number(group), broker.pid)
  })

  it('that a killed Playhead left behind is stopped by the next start', async () => {
    const dataDir = join(folder, 'orphan')
    const port = await freePort()
    const parent = startScript('orphan-broker.ts', [dataDir, String(port)])
    scripts.push(parent)
    const orphan = Number(await parent.firstLine)
    orphans.push(orphan)
    await parent.kill()
    assert.ok(await isRunning(orphan))

    const lines: string[] = []
    const broker = await start('orphan', { port, log: (line) => lines.push(line) })
    assert.equal(await isRunning(orphan), false)
    assert.notEqual(broker.pid, orphan)
    assert.ok(lines.some((line) => line.includes(`process ${orphan}`)))
  })

  it('does not stop an unrelated process with the pid of an old broker', async () => {
    const stranger = startScript('claimer.ts', [join(folder, 'strangers')])
    scripts.push(stranger)
    await stranger.firstLine
    await mkdir(join(folder, 'reused', 'kafka'), { recursive: true })
    await writeFile(join(folder, 'reused', 'kafka', 'broker.pid'), `${stranger.pid}\n`)
    await start('reused')
    assert.ok(await isRunning(stranger.pid))
    assert.match((await commandLine(stranger.pid)) ?? '', /claimer\.ts/)
  })

  it('names the port and KAFKA_PORT when another program has its port', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    try {
      await assert.rejects(start('port', { port }), (error: Error & { code: string }) => {
        assert.equal(error.code, 'PORT_IN_USE')
        assert.match(error.message, new RegExp(`\\b${port}\\b.*KAFKA_PORT`))
        return true
      })
    } finally {
      other.close()
    }
  })

  it('reports the reason when it ends during its start', async () => {
    const storage = join(folder, 'early', 'kafka', 'data')
    await mkdir(storage, { recursive: true })
    await writeFile(
      join(storage, 'meta.properties'),
      'version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\nnode.id=7\ndirectory.id=BBBBBBBBBBBBBBBBBBBBBB\n',
    )
    await assert.rejects(start('early'), (error: Error & { code: string }) => {
      assert.equal(error.code, 'KAFKA_START_FAILED')
      assert.match(error.message, /exit code 1.*node/i)
      assert.ok(error.message.includes(join(folder, 'early', 'logs', 'kafka.log')))
      return true
    })
  })

  it('refuses storage of another program, and names its path', async () => {
    const storage = join(folder, 'foreign', 'kafka', 'data')
    await mkdir(storage, { recursive: true })
    await writeFile(join(storage, 'something'), '')
    await assert.rejects(start('foreign'), (error: Error & { code: string }) => {
      assert.equal(error.code, 'KAFKA_STORAGE_BROKEN')
      assert.ok(error.message.includes(storage))
      return true
    })
  })

  it('formats its storage again after an interrupted format', async () => {
    const partial = join(folder, 'partial', 'kafka', 'data.formatting')
    await mkdir(partial, { recursive: true })
    await writeFile(join(partial, 'bootstrap.checkpoint'), 'cut short')
    const broker = await start('partial')
    assert.equal(broker.state, 'running')
    assert.ok(!(await readdir(join(folder, 'partial', 'kafka'))).includes('data.formatting'))
  })

  it('is restarted when it dies, with its data', async () => {
    const broker = await start('killed')
    await withAdmin(broker, (admin) => admin.createTopics({ topics: ['held'], partitions: 1, replicas: 1 }))
    const states: string[] = []
    broker.onState((state) => states.push(state))
    const before = broker.pid
    process.kill(before, 'SIGKILL')
    await until('the broker runs again', () => states.includes('running'))
    assert.deepEqual(states, ['restarting', 'running'])
    assert.notEqual(broker.pid, before)
    assert.deepEqual(await withAdmin(broker, (admin) => admin.listTopics()), ['held'])
  })

  it('can be stopped while it is being restarted', async () => {
    const broker = await start('stopped')
    const restarting = new Promise<void>((resolve) => {
      broker.onState((state) => state === 'restarting' && resolve())
    })
    process.kill(broker.pid, 'SIGKILL')
    await restarting
    await broker.stop()
    assert.equal(broker.state, 'stopped')
    assert.equal(await isRunning(broker.pid), false)
  })

  it('can be aborted during its start, and leaves no process', async () => {
    const giveUp = new AbortController()
    const pidFile = join(folder, 'given-up', 'kafka', 'broker.pid')
    const starting = start('given-up', { signal: giveUp.signal })
    const refused = assert.rejects(starting, { name: 'AbortError' })
    const pid = await until('its process exists', async () =>
      Number(await readFile(pidFile, 'utf8').catch(() => '')),
    )
    orphans.push(pid)
    giveUp.abort()
    await refused
    assert.equal(await isRunning(pid), false)
  })
})

async function withAdmin<T>(broker: LocalBroker, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [broker.address], retries: 5 })
  try {
    return await use(admin)
  } finally {
    await admin.close()
  }
}
