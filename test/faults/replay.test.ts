import assert from 'node:assert/strict'
import { cp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openFleet } from '../support/fleet.ts'
import { administer, groupsOf } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const EVENTS = THOROUGH ? 100_000 : 3_000
/** Records that the topic loses per partition. */
const CUT = 50
const spoil = (number: number) => (number % 50 === 0 ? Buffer.from('?') : undefined)

describe('a store with earlier listens', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  const storeOf = (name: string) => join(workspace.directory, name, 'store')

  async function stored(playhead: RunningPlayhead, oracle: Oracle): Promise<void> {
    await until('it is stored', async () => (await playhead.totals()).listens >= oracle.acknowledged)
  }

  it('10. heals when the committed offsets are removed', async () => {
    const { address } = workspace.broker
    const oracle = await createOracle(address, 'forgotten')
    const fleet = await openFleet(workspace.directory, address, 'forgotten')
    try {
      const first = await fleet.join()
      await oracle.send(EVENTS, { spoil })
      await oracle.verify(fleet.store)
      assert.equal(await first.stop(), 0)
      await oracle.send(1_000, { spoil })
      const groups = (await groupsOf(address, 'forgotten')).map(({ groupId }) => groupId)
      assert.equal(groups.length, 1)
      await administer(address, (admin) => admin.deleteGroups({ groups }))
      const second = await fleet.join()
      await oracle.send(1_000, { spoil })
      await reportCase('10 offsets removed', await oracle.verify(fleet.store))
      assert.doesNotMatch(second.output(), /no longer holds/)
    } finally {
      await fleet.close()
      await oracle.close()
    }
  })

  /** Stores events, then more; leaves the folder as it was before the second half. */
  async function putBack(topic: string, oracle: Oracle): Promise<void> {
    const store = storeOf(topic)
    for (const half of ['first', 'second']) {
      const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
      await oracle.send(EVENTS, { spoil })
      await stored(playhead, oracle)
      assert.equal(await playhead.stop(), 0)
      if (half === 'first') await cp(store, `${store}.earlier`, { recursive: true })
    }
    await rm(store, { recursive: true })
    await rename(`${store}.earlier`, store)
  }

  it('10. heals when the folder of the store is put back from an earlier copy', async () => {
    const topic = 'put-back'
    const oracle = await createOracle(workspace.broker.address, topic)
    await putBack(topic, oracle)
    const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    assert.match(playhead.output(), /the store is behind the committed offset; reading again/)
    await oracle.send(500, { spoil })
    const since = performance.now()
    await stored(playhead, oracle)
    const caughtUpAfter = (performance.now() - since) / 1000
    assert.equal(await playhead.stop(), 0)
    const fleet = await openFleet(join(workspace.directory, topic), workspace.broker.address, 'store')
    try {
      const verdict = await oracle.verify(fleet.store)
      await reportCase('10 store put back', { ...verdict, caughtUpAfter })
    } finally {
      await fleet.close()
      await oracle.close()
    }
  })

  it('10. says exactly which offsets are missing when the topic no longer holds them', async () => {
    const topic = 'cut'
    const { address } = workspace.broker
    const oracle = await createOracle(address, topic)
    await putBack(topic, oracle)
    const next = await nextOffsets(join(workspace.directory, topic), address)
    assert.equal(next.size, 6)
    const cut = [...next].map(([partition, offset]) => ({ partition, offset: BigInt(offset + CUT) }))
    await administer(address, (admin) => admin.deleteRecords({ topics: [{ name: topic, partitions: cut }] }))
    const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    const said = playhead
      .output()
      .split('\n')
      .filter((line) => line.includes('the topic no longer holds these offsets'))
      .map((line) => JSON.parse(line) as { partition: number; from: number; to: number; missing: number })
    assert.deepEqual(
      new Map(said.map(({ partition, from, to, missing }) => [partition, [from, to, missing]])),
      new Map([...next].map(([partition, from]) => [partition, [from, from + CUT, CUT]])),
    )
    assert.equal(await missingOf(playhead), CUT * next.size)
    // All records ever written, without the missing ones; some of these would have been dead
    // letters.
    const all = oracle.acknowledged + oracle.acknowledgedBad - CUT * next.size
    await until('the rest is stored', async () => (await handledBy(playhead)) >= all)
    assert.equal(await playhead.stop(), 0)

    // The loss is reported only once.
    const again = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    assert.equal(await missingOf(again), 0)
    assert.equal(await handledBy(again), all)
    assert.equal(await again.stop(), 0)
    const events = oracle.acknowledged + oracle.acknowledgedBad
    await reportCase('10 put back, topic cut (as said)', {
      events,
      missing: events - all - CUT * next.size,
      twice: 0,
      outOfOrder: 0,
      caughtUpAfter: 0,
    })
    await oracle.close()
  })

  /**
   * By partition: the offset after the last one that a store has handled, as a listen or a dead
   * letter.
   */
  async function nextOffsets(directory: string, address: string): Promise<Map<number, number>> {
    const fleet = await openFleet(directory, address, 'store')
    try {
      return new Map(
        await fleet.store.rows<[number, number]>(
          `SELECT kafka_partition, max(kafka_offset) + 1 FROM
           (SELECT kafka_partition, kafka_offset FROM listens UNION ALL SELECT kafka_partition, kafka_offset FROM dead_letters)
           GROUP BY kafka_partition`,
        ),
      )
    } finally {
      await fleet.close()
    }
  }
})

async function missingOf({ url }: RunningPlayhead): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^playhead_records_missing_total (\d+)$/m.exec(metrics)?.[1])
}

/** Number of records that became listens or dead letters. */
async function handledBy(playhead: RunningPlayhead): Promise<number> {
  const { reasons } = (await (await fetch(`${playhead.url}/api/dead-letters?limit=1`)).json()) as {
    reasons: { count: number }[]
  }
  return (await playhead.totals()).listens + reasons.reduce((sum, { count }) => sum + count, 0)
}
