import assert from 'node:assert/strict'
import { cp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { PipelineState } from '../../src/api/pipeline-watch.ts'
import { openFleet } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const NOTES = ['.kafka_cleanshutdown', 'recovery-point-offset-checkpoint']
const EVENTS = THOROUGH ? 50_000 : 1_000

describe('a log that lost its tail', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  const data = () => join(workspace.directory, 'broker', 'kafka', 'data')
  const logsOf = async (topic: string) =>
    (await readdir(data())).filter((name) => name.startsWith(`${topic}-`)).map((name) => join(data(), name))

  const copyOf = (log: string) => join(workspace.directory, 'copies', basename(log))

  async function stored(playhead: RunningPlayhead, oracle: Oracle): Promise<void> {
    await until('it is stored', async () => (await playhead.totals()).listens >= oracle.acknowledged)
  }

  async function replacedBy({ url }: RunningPlayhead): Promise<number> {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return Number(/^playhead_records_replaced_total (\d+)$/m.exec(metrics)?.[1])
  }

  /** Waits until `/readyz` and the pipeline's state name each partition whose records were replaced. */
  async function isReported(playhead: RunningPlayhead): Promise<void> {
    await until('it is reported', async () => (await playhead.readiness()).lost_tails.length > 0)
    const { ready, lost_tails } = await playhead.readiness()
    assert.ok(ready, 'it does not stop the pipeline')
    assert.equal(
      lost_tails.reduce((sum, { first_offset, end_offset }) => sum + end_offset - first_offset, 0),
      await replacedBy(playhead),
    )
    const state = (await (await fetch(`${playhead.url}/api/pipeline`)).json()) as PipelineState
    assert.deepEqual(state.lost_tails, lost_tails)
  }

  /** Changes the files of the broker while it is down. */
  async function whileDown(change: () => Promise<void>): Promise<void> {
    const start = await workspace.stopBroker()
    await change()
    await start()
  }

  /** Compares the store of a stopped Playhead with the acknowledged events. */
  async function verify(topic: string, oracle: Oracle, name: string): Promise<void> {
    const fleet = await openFleet(join(workspace.directory, topic), workspace.broker.address, 'store')
    try {
      await reportCase(name, await oracle.verify(fleet.store))
    } finally {
      await fleet.close()
      await oracle.close()
    }
  }

  it('15. loses no listen when the topic is restored from an earlier copy under a running Playhead', async () => {
    const topic = 'restored'
    const oracle = await createOracle(workspace.broker.address, topic)
    const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await oracle.send(EVENTS)
    await stored(playhead, oracle)
    await whileDown(async () => {
      for (const log of await logsOf(topic)) await cp(log, copyOf(log), { recursive: true })
    })
    await oracle.send(EVENTS)
    await stored(playhead, oracle)
    assert.equal(await replacedBy(playhead), 0)
    await whileDown(async () => {
      for (const log of await logsOf(topic)) {
        await rm(log, { recursive: true })
        await cp(copyOf(log), log, { recursive: true })
      }
    })
    await oracle.renewProducer()
    await oracle.send(EVENTS)
    await stored(playhead, oracle)
    assert.equal(await replacedBy(playhead), EVENTS)
    assert.match(playhead.output(), /Kafka lost the end of this partition/)
    await isReported(playhead)
    await playhead.kill()

    // The truncation is now known; nothing of the new records is stored twice.
    const again = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await oracle.send(EVENTS)
    await stored(again, oracle)
    assert.equal(await replacedBy(again), 0)
    assert.equal(await again.stop(), 0)
    await verify(topic, oracle, '15 topic restored, running')
  })

  it('15. loses no listen when the log was cut and grew again before Playhead came back', async () => {
    const topic = 'cut-log'
    const oracle = await createOracle(workspace.broker.address, topic)
    for (let round = 0; round < 2; round += 1) {
      const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
      await oracle.send(EVENTS)
      await stored(playhead, oracle)
      if (round === 1) assert.ok((await replacedBy(playhead)) > 0)
      assert.equal(await playhead.stop(), 0)
      await whileDown(async () => {
        // As after a crash, the broker reads the log again and does not trust its checkpoints.
        for (const note of NOTES) await rm(join(data(), note), { force: true })
        for (const log of await logsOf(topic))
          for (const name of await readdir(log))
            if (name.endsWith('.log'))
              await truncate(join(log, name), (await stat(join(log, name))).size >> 1)
      })
      await oracle.renewProducer()
      await oracle.send(3 * EVENTS)
    }
    const last = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await stored(last, oracle)
    assert.ok((await replacedBy(last)) > 0)
    assert.equal(await last.stop(), 0)
    await verify(topic, oracle, '15 log cut, grown again')
  })
})
