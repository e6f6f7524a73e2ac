import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const ifThorough = { skip: THOROUGH ? false : 'npm run test:faults runs it' }

describe('a broker or a store that becomes unavailable', () => {
  let workspace: Workspace
  let fleet: Fleet
  let oracle: Oracle
  before(async () => {
    workspace = await openWorkspace()
    oracle = await createOracle(workspace.broker.address, 'broker')
    fleet = await openFleet(workspace.directory, workspace.broker.address, 'broker')
  })
  after(async () => {
    await fleet.close()
    await oracle.close()
    await workspace.close()
  })

  it('2. keeps every event once when the broker is killed repeatedly', async () => {
    const { broker } = workspace
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (let round = 0; round < (THOROUGH ? 5 : 2); round++) {
      const wanted = oracle.acknowledged + 3_000
      await until('traffic goes on', () => oracle.acknowledged > wanted)
      const { pid } = broker
      process.kill(pid, 'SIGKILL')
      await until('the broker is back', () => broker.pid !== pid && broker.state === 'running')
    }
    const wanted = oracle.acknowledged + 1_000
    await until('traffic goes on', () => oracle.acknowledged > wanted)
    await stopTraffic()
    await reportCase('2 broker kill -9', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })
  it('2. keeps every event once when the broker is unavailable for a minute', ifThorough, async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    const wanted = oracle.acknowledged + 3_000
    await until('traffic goes on', () => oracle.acknowledged > wanted)
    const startAgain = await workspace.stopBroker()
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    await startAgain()
    const back = oracle.acknowledged + 3_000
    await until('traffic goes on', () => oracle.acknowledged > back)
    await stopTraffic()
    await reportCase('2 broker away for 60 s', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })

  it('7. keeps every event once when the store is killed repeatedly', async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (let round = 0; round < (THOROUGH ? 10 : 3); round++) {
      const wanted = oracle.acknowledged + 2_000
      await until('traffic goes on', () => oracle.acknowledged > wanted)
      const failures = pipeline.output().split('delivery failed').length
      const startAgain = await fleet.killStore()
      await until(
        'the pipeline reports it',
        () => pipeline.output().split('delivery failed').length > failures,
      )
      await startAgain()
    }
    await stopTraffic()
    await reportCase('7 store kill -9', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })
})
