import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { type Fleet, type Member, openFleet } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('several pipelines on one store', () => {
  let workspace: Workspace
  let fleet: Fleet
  let oracle: Oracle
  let cases = 0
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())
  beforeEach(async () => {
    cases += 1
    oracle = await createOracle(workspace.broker.address, `members-${cases}`)
    fleet = await openFleet(workspace.directory, workspace.broker.address, `members-${cases}`)
  })
  afterEach(async () => {
    await fleet.close()
    await oracle.close()
  })

  it('4. keeps every event once while members join and leave repeatedly', async () => {
    const rounds = THOROUGH ? 60 : 3
    const stopTraffic = oracle.drive({ rate: 2_000 })
    const stays = await fleet.join()
    const others: Member[] = []
    for (let round = 0; round < rounds; round++) {
      const wanted = oracle.acknowledged + 1_500
      others.push(await fleet.join())
      await until('traffic goes on', () => oracle.acknowledged > wanted)
      const leaves = others.length > 2 || round % 2 === 1 ? others.shift() : undefined
      if (leaves === undefined) continue
      if (round % 3 === 0) await leaves.kill()
      else assert.equal(await leaves.stop(), 0, leaves.output())
    }
    await stopTraffic()
    await reportCase('4 rebalance storm', await oracle.verify(fleet.store))
    assert.equal(await stays.stop(), 0)
  })
  it('4. finishes and commits what it holds before it gives partitions up', async () => {
    const first = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 500 })
    await until('traffic is stored', async () => (await countStored(fleet)) > 500)
    // Each INSERT now takes longer than a second member needs to join and to ask the store for its
    // offsets.
    await fleet.holdInserts(8, 1_500)
    await until('an INSERT is on its way', async () => (await fleet.held()) > 0)
    const second = await fleet.join()
    await until('it gets some', () => logged(second, 'partitions assigned').length > 0)
    await stopTraffic()
    await reportCase('4 slow INSERT while a member joins', await oracle.verify(fleet.store))
    assert.doesNotMatch(first.output(), /somebody else/)
    // The first member gave up only the partitions of the second one and kept the rest throughout.
    assert.deepEqual(logged(first, 'partitions taken back'), logged(second, 'partitions assigned'))
    assert.equal(logged(first, 'partitions taken back')[0]?.length, 3)
  })

  it('5. keeps events once when an INSERT runs long after its connection broke', async () => {
    await fleet.join()
    const stopTraffic = oracle.drive({ rate: 500 })
    await until('traffic is stored', async () => (await countStored(fleet)) > 500)
    await fleet.holdInserts(1, 4_000, true)
    await until('an INSERT is on its way', async () => (await fleet.held()) > 0)
    const before = await countStored(fleet)
    await until('its batch is stored again', async () => (await countStored(fleet)) > before + 500)
    await until('the INSERT arrives', async () => (await fleet.held()) === 0)
    await stopTraffic()
    await reportCase('5 INSERT after its connection broke', await oracle.verify(fleet.store))
  })

  // The fast selection has the INSERT that arrives late, above, which the store refuses in the same way.
  const ifThorough = { skip: THOROUGH ? false : 'npm run test:faults runs it' }
  it('5. keeps a zombie from storing what its successor has read', ifThorough, async () => {
    const zombie = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    await until('traffic is stored', async () => (await countStored(fleet)) > 1_000)
    const before = await countStored(fleet)
    zombie.pause()
    // The successor gets partitions only after the session of the zombie has ended.
    await fleet.join()
    await until('the successor stores', async () => (await countStored(fleet)) > before + 2_000)
    zombie.resume()
    const wanted = oracle.acknowledged + 4_000
    await until('traffic goes on', () => oracle.acknowledged > wanted)
    await stopTraffic()
    await reportCase('5 zombie', await oracle.verify(fleet.store))
    assert.equal(zombie.ended(), null)
  })

  it('5. refuses an INSERT that a zombie sent before its successor began', ifThorough, async () => {
    const zombie = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 500 })
    await until('traffic is stored', async () => (await countStored(fleet)) > 500)
    await fleet.holdInserts(1, 25_000)
    await until('its INSERT is on its way', async () => (await fleet.held()) > 0)
    zombie.pause()
    const before = await countStored(fleet)
    await fleet.join()
    await until('the successor stores', async () => (await countStored(fleet)) > before + 500)
    await until('the INSERT of the zombie arrives', async () => (await fleet.held()) === 0)
    zombie.resume()
    await stopTraffic()
    await reportCase('5 INSERT of a zombie', await oracle.verify(fleet.store))
  })
})

async function countStored({ store }: Fleet): Promise<number> {
  const [row] = await store.rows<[number]>('SELECT count() FROM listens')
  return row?.[0] ?? 0
}

/** The partitions in each log line with this message, in order. */
function logged(member: Member, message: string): number[][] {
  return member
    .output()
    .split('\n')
    .filter((line) => line.includes(message))
    .map((line) => [...JSON.parse(line).partitions].sort())
    .filter((partitions) => partitions.length > 0)
}
