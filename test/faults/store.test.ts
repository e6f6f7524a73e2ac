import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openFleet } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { damageFile, partsOf } from '../support/parts.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const spoil = (number: number) => (number % 40 === 0 ? Buffer.from([number % 256, 0xff, 0x7b]) : undefined)

describe('a store that refuses', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  /** Stops Playhead and compares its folder with what was acknowledged. */
  async function settle(name: string, folder: string, oracle: Oracle, playhead: RunningPlayhead) {
    const since = performance.now()
    await until('it has caught up', async () => (await playhead.totals()).listens >= oracle.acknowledged)
    const caughtUpAfter = (performance.now() - since) / 1000
    assert.equal(await playhead.stop(), 0)
    const fleet = await openFleet(join(workspace.directory, folder), workspace.broker.address, 'store')
    try {
      await reportCase(name, { ...(await oracle.verify(fleet.store)), caughtUpAfter })
    } finally {
      await fleet.close()
      await oracle.close()
    }
  }

  for (const [what, damage] of Object.entries(damageFile))
    it(`7. reads again what was in a part of which ${what}`, async () => {
      const topic = `damaged-${what.replaceAll(/\W/g, '-')}`
      const oracle = await createOracle(workspace.broker.address, topic)
      const first = await workspace.start({ KAFKA_TOPIC: topic }, topic)
      for (let batch = 1; batch <= 4; batch++) {
        await oracle.send(1_000, { spoil })
        await until('it is stored', async () => (await first.totals()).listens >= oracle.acknowledged)
      }
      assert.equal(await first.stop(), 0)
      // One from the middle: what was stored after it says that everything before is stored as well.
      const parts = await partsOf(join(workspace.directory, topic, 'store'))
      await damage(parts[Math.floor(parts.length / 2)] ?? '')
      const second = await workspace.start({ KAFKA_TOPIC: topic, LOG_LEVEL: 'info' }, topic)
      await oracle.send(500)
      await settle(`7 part of which ${what}`, topic, oracle, second)
      assert.match(second.output(), /a part of the store is damaged and was set aside/)
      assert.match(second.output(), /does not hold these offsets, but later ones; reading again/)
    })
})
