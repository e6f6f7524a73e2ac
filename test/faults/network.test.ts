import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { freePort } from '../../src/runtime/port.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { administer } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { openProxy, type TcpProxy } from '../support/proxy.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

// The fast selection has the harder case, in which another pipeline takes over.
const ifThorough = { skip: THOROUGH ? false : 'npm run test:faults runs it' }
// What the pipeline says when it joins the group again without having finished what it holds.
const UNFINISHED = /before the work on them was finished/

describe('a network between pipeline and broker that fails', () => {
  let workspace: Workspace
  let proxy: TcpProxy
  let fleet: Fleet
  let oracle: Oracle
  let cases = 0
  before(async () => {
    const port = await freePort()
    proxy = await openProxy(port)
    workspace = await openWorkspace({ port, advertisedPort: proxy.port })
  })
  after(async () => {
    await workspace.close()
    await proxy.close()
  })
  beforeEach(async () => {
    cases += 1
    // Producers reach the broker directly; only the pipeline is behind the proxy.
    oracle = await createOracle(workspace.broker.address, `network-${cases}`)
    fleet = await openFleet(workspace.directory, proxy.address, `network-${cases}`)
  })
  afterEach(async () => {
    await fleet.close()
    await oracle.close()
  })

  /** Waits until all events acknowledged so far are stored. @returns the seconds it took */
  async function untilStored(): Promise<number> {
    const wanted = oracle.acknowledged
    const since = performance.now()
    await until(`${wanted} listens stored`, async () => (await fleet.countStored()) >= wanted)
    return (performance.now() - since) / 1000
  }

  async function untilTraffic(events: number): Promise<void> {
    const wanted = oracle.acknowledged + events
    await until('traffic goes on', () => oracle.acknowledged >= wanted)
  }

  /**
   * Reports the time from the end of the worst fault until everything was stored, not from the last
   * event.
   */
  async function reportHealed(name: string, seconds: number): Promise<void> {
    await reportCase(name, { ...(await oracle.verify(fleet.store)), caughtUpAfter: seconds })
  }

  /** Waits until the broker has ended the session of every member. */
  async function untilForgotten(): Promise<void> {
    const [row] = await fleet.store.rows<[string]>(
      'SELECT id FROM store_identity ORDER BY made_at, id LIMIT 1',
    )
    const group = `playhead-${row?.[0]}`
    await administer(workspace.broker.address, (admin) =>
      until('the group is empty', async () => {
        const groups = await admin.describeGroups({ groups: [group] })
        return groups.get(group)?.members.size === 0
      }),
    )
  }

  it('2. keeps every event once when the broker comes back on another port behind the same address', async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (let round = 0; round < (THOROUGH ? 3 : 1); round++) {
      await untilTraffic(2_000)
      const startAgain = await workspace.stopBroker()
      const port = await freePort()
      proxy.pointTo(port)
      await startAgain({ port, advertisedPort: proxy.port })
      await untilTraffic(2_000)
      await untilStored()
    }
    await stopTraffic()
    await reportCase('2 broker on another port', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })

  it('6. keeps every event once on a network that is slow and uneven', async () => {
    proxy.delay(200, 100)
    try {
      const pipeline = await fleet.join()
      const stopTraffic = oracle.drive({ rate: 2_000 })
      await untilTraffic(THOROUGH ? 60_000 : 4_000)
      await untilStored()
      await stopTraffic()
      await reportCase('6 latency 200 ± 100 ms', await oracle.verify(fleet.store))
      assert.equal(await pipeline.stop(), 0)
    } finally {
      proxy.delay(0)
    }
  })

  it('6. keeps every event once when connections are reset repeatedly', async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (let round = 0; round < (THOROUGH ? 20 : 3); round++) {
      await untilTraffic(1_500)
      proxy.reset()
    }
    await untilStored()
    await stopTraffic()
    await reportCase('6 resets', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })

  it('6. keeps every event once when connections are half open', ifThorough, async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    let healed = 0
    for (let round = 0; round < (THOROUGH ? 3 : 1); round++) {
      await untilTraffic(2_000)
      await untilStored()
      proxy.forget()
      await untilTraffic(1)
      healed = Math.max(healed, await untilStored())
    }
    await stopTraffic()
    await reportHealed('6 half-open connections', healed)
    assert.doesNotMatch(pipeline.output(), UNFINISHED)
    assert.equal(await pipeline.stop(), 0)
  })

  it('6. keeps every event once when all is held back for longer than the session', ifThorough, async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    let healed = 0
    for (let round = 0; round < (THOROUGH ? 3 : 1); round++) {
      await untilTraffic(2_000)
      proxy.stall()
      await untilForgotten()
      proxy.resume()
      healed = Math.max(healed, await untilStored())
    }
    await stopTraffic()
    await reportHealed('6 stall longer than the session', healed)
    assert.doesNotMatch(pipeline.output(), UNFINISHED)
    assert.equal(await pipeline.stop(), 0)
  })

  it('6. keeps every event once when another takes over from one that is cut off', ifThorough, async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    await untilTraffic(2_000)
    proxy.stall()
    await fleet.join({ KAFKA_BROKERS: workspace.broker.address })
    await untilStored()
    proxy.resume()
    const healed = await untilStored()
    await untilTraffic(4_000)
    await stopTraffic()
    await reportHealed('6 cut off and replaced', healed)
    assert.doesNotMatch(pipeline.output(), UNFINISHED)
    assert.equal(await pipeline.stop(), 0)
  })
})
