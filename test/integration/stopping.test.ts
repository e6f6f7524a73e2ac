import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { freePort } from '../../src/runtime/port.ts'
import { isRunning } from '../../src/runtime/running-process.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'

interface Started {
  child: ChildProcess
  output(): string
  /** The process of its broker. */
  broker(): Promise<number>
  exited: Promise<unknown[]>
}

describe('stopping', () => {
  let folder: string
  const pids: number[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-stopping-'))
  })

  afterEach(async () => {
    for (const pid of pids.splice(0)) if (await isRunning(pid)) process.kill(pid, 'SIGKILL')
  })

  after(() => rm(folder, { recursive: true, force: true }))

  async function start(name: string): Promise<Started> {
    const data = join(folder, name)
    const child = spawnPlayhead(['up'], {
      PLAYHEAD_DATA: data,
      PORT: String(await freePort()),
      KAFKA_PORT: String(await freePort()),
      SIMULATOR_INTERVAL: '0',
    })
    pids.push(child.pid ?? -1)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += chunk
      })
    const broker = () =>
      until('the broker has a process', async () => {
        const pid = Number(await readFile(join(data, 'kafka', 'broker.pid'), 'utf8').catch(() => ''))
        if (pid > 0) pids.push(pid)
        return pid
      })
    return { child, output: () => output, broker, exited: once(child, 'close') }
  }

  const ready = ({ output }: Started) => until('ready', () => output().includes('Playhead is ready at'))

  it('works while Kafka starts, without a stack trace and without a process left', async () => {
    const playhead = await start('early')
    const broker = await playhead.broker()
    playhead.child.kill('SIGINT')
    assert.deepEqual(await playhead.exited, [0, null], playhead.output())
    assert.match(playhead.output(), /^Stopped\.$/m)
    assert.doesNotMatch(playhead.output(), /^\s+at |Error/m)
    assert.equal(await isRunning(broker), false)
  })

  it('is one request when two signals arrive together', async () => {
    const playhead = await start('together')
    await ready(playhead)
    playhead.child.kill('SIGINT')
    playhead.child.kill('SIGTERM')
    assert.deepEqual(await playhead.exited, [0, null], playhead.output())
    assert.match(playhead.output(), /Stopped\. All data is in the data directory\./)
  })

  it('ends at once on a second request when the broker hangs', async () => {
    const playhead = await start('hung')
    const broker = await playhead.broker()
    await ready(playhead)
    process.kill(broker, 'SIGSTOP')
    playhead.child.kill('SIGINT')
    await until('it is stopping', () => playhead.output().includes('Stopping …'))
    // As a person does, until it has ended; signals right after the first one belong to the same request.
    await until('it ends', () => {
      playhead.child.kill('SIGINT')
      return playhead.child.signalCode !== null || playhead.child.exitCode !== null
    })
    await playhead.exited
    assert.match(playhead.output(), /^Ended at once\./m)
    await until('the broker is gone', async () => !(await isRunning(broker)))
  })

  it('leaves no broker behind on Ctrl-\\', async () => {
    const playhead = await start('quit')
    const broker = await playhead.broker()
    await ready(playhead)
    playhead.child.kill('SIGQUIT')
    await playhead.exited
    await until('the broker is gone', async () => !(await isRunning(broker)))
  })
})
