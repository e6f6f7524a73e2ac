import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openFleet, scriptMember } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const POINTS = ['dead_letters_sent', 'before_insert', 'during_insert', 'inserted', 'before_commit']
const spoil = (number: number) => (number % 40 === 0 ? Buffer.from([number % 256, 0xff, 0x7b]) : undefined)

describe('a pipeline that crashes', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  /**
   * Waits until the survivor has caught up, stops it, and compares its folder with the acknowledged
   * events.
   */
  async function settle(name: string, topic: string, oracle: Oracle, survivor: RunningPlayhead) {
    const since = performance.now()
    await until('it has caught up', async () => (await survivor.totals()).listens >= oracle.acknowledged)
    const caughtUpAfter = (performance.now() - since) / 1000
    assert.equal(await survivor.stop(), 0)
    const fleet = await openFleet(join(workspace.directory, topic), workspace.broker.address, 'store')
    try {
      await reportCase(name, { ...(await oracle.verify(fleet.store)), caughtUpAfter })
    } finally {
      await fleet.close()
      await oracle.close()
    }
  }

  it('1. keeps every event once when it is killed at any moment', async () => {
    const topic = 'killed'
    const oracle = await createOracle(workspace.broker.address, topic)
    const stopTraffic = oracle.drive({ rate: 2_000, spoil })
    const rounds = THOROUGH ? 50 : 4
    for (let round = 0; round < rounds; round++) {
      const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
      // At another moment each time, by number of events.
      const wanted = oracle.acknowledged + 200 + Math.floor(Math.random() * 2_000)
      await until('it is in the middle of its work', () => oracle.acknowledged > wanted)
      await playhead.kill()
    }
    const survivor = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await stopTraffic()
    await settle(`1 kill -9, ${rounds} times`, topic, oracle, survivor)
  })

  it('1. keeps every event once when it is killed at each point inside a batch', async () => {
    const topic = 'points'
    const oracle = await createOracle(workspace.broker.address, topic)
    const stopTraffic = oracle.drive({ rate: 2_000, spoil })
    for (let round = 0; round < (THOROUGH ? 3 : 1); round++)
      for (const point of POINTS) {
        const { address } = workspace.broker
        const member = scriptMember('crashing-pipeline.ts', [
          join(workspace.directory, topic),
          address,
          topic,
          point,
          String(1 + round * 4),
        ])
        await until(`it is killed at ${point}`, () => member.ended() !== null)
        assert.equal(member.ended(), 'SIGKILL', member.output())
      }
    const survivor = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await stopTraffic()
    await settle('1 kill -9 at each point', topic, oracle, survivor)
  })

  it('12. drains and exits on SIGTERM under full load', async (t) => {
    const topic = 'terminated'
    const oracle = await createOracle(workspace.broker.address, topic)
    const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    const stopTraffic = oracle.drive({ rate: 10_000, spoil })
    await until('full load', () => oracle.acknowledged > 20_000)
    const since = performance.now()
    assert.equal(await playhead.stop(), 0)
    const seconds = (performance.now() - since) / 1000
    t.diagnostic(`SIGTERM took ${seconds.toFixed(1)} s`)
    await stopTraffic()
    const survivor = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await settle('12 SIGTERM under full load', topic, oracle, survivor)
  })
})
