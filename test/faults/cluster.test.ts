import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { pino } from 'pino'
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { type Cluster, openCluster } from '../support/cluster.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { administer, sendRecords } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'

const TOPIC = 'cluster'

// Three brokers start too slowly for the fast selection.
const ifThorough = { skip: THOROUGH ? false : 'npm run test:faults runs it' }

describe('a cluster of three brokers', ifThorough, () => {
  let cluster: Cluster
  let fleet: Fleet
  let oracle: Oracle
  before(async () => {
    cluster = await openCluster()
    oracle = await createOracle(cluster.bootstrap, TOPIC)
    fleet = await openFleet(cluster.directory, cluster.bootstrap, TOPIC)
  })
  after(async () => {
    await fleet.close()
    await oracle.close()
    await cluster.close()
  })

  async function untilTraffic(events: number): Promise<void> {
    const wanted = oracle.acknowledged + events
    await until('traffic goes on', () => oracle.acknowledged >= wanted)
  }

  /** Kills a node while events arrive, and starts it again once traffic continues without it. */
  async function killAndRestart(node: number): Promise<void> {
    await cluster.untilInSync(TOPIC)
    await untilTraffic(3_000)
    await cluster.kill(node)
    await untilTraffic(3_000)
    await cluster.start(node)
  }

  it('3. keeps every event once when each broker is killed in turn', async () => {
    await administer(cluster.bootstrap, async (admin) => {
      const metadata = await admin.metadata({ topics: [TOPIC] })
      for (const { replicas } of metadata.topics.get(TOPIC)?.partitions ?? [])
        assert.equal(replicas.length, 3)
    })
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (const node of cluster.nodes) await killAndRestart(node)
    await untilTraffic(2_000)
    await stopTraffic()
    await reportCase('3 each broker of a cluster kill -9', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })

  it('3. reads nothing twice when a broker answers after it hung and its partitions have moved', async () => {
    const topic = 'moved'
    const connection = { brokers: cluster.bootstrap.split(',') }
    // A topic gets as many copies as there are brokers when it is made, and the test before may still be starting one.
    await cluster.untilInSync(TOPIC)
    await ensureTopics(connection, topic)
    const records = Array.from({ length: 600 }, (_, at) => ({
      key: null,
      value: Buffer.from(String(at)),
      partition: at % 6,
    }))
    await sendRecords(cluster.bootstrap, records, topic)
    for (const node of cluster.nodes) {
      await cluster.untilInSync(topic)
      const fetcher = createFetcher(connection, { topic, log: pino({ level: 'silent' }), onMissing() {} })
      const ends = await fetcher.latest()
      const total = () => [...ends.values()].reduce((sum, end) => sum + end, 0)
      const seen: string[] = []
      const read = async () => {
        for (const { partition, offset } of await fetcher.poll(500)) seen.push(`${partition}/${offset}`)
      }
      // One fetch at the end, so that all connections are open when the broker hangs.
      fetcher.assign(ends)
      await read()
      const resume = cluster.pause(node)
      try {
        fetcher.assign(new Map([...ends.keys()].map((partition) => [partition, 0])))
        await until('all is read from whoever leads now', async () => {
          await read()
          return seen.length >= total()
        })
      } finally {
        resume()
      }
      // The answers of the hung broker arrive long before it follows again.
      await cluster.untilInSync(topic)
      await until('brokers take records again', () =>
        sendRecords(cluster.bootstrap, records.slice(0, 60), topic).then(
          () => true,
          () => false,
        ),
      )
      for (const [partition, end] of await fetcher.latest()) ends.set(partition, end)
      await until('what came later is read', async () => {
        await read()
        return new Set(seen).size >= total()
      })
      assert.equal(seen.length, total(), 'each record once')
      await fetcher.close()
    }
  })

  it('3. keeps every event once when the active controller is killed', async () => {
    const pipeline = await fleet.join()
    const stopTraffic = oracle.drive({ rate: 2_000 })
    for (let round = 0; round < 2; round++) await killAndRestart(await cluster.controller())
    await untilTraffic(2_000)
    await stopTraffic()
    await reportCase('3 active controller kill -9', await oracle.verify(fleet.store))
    assert.equal(await pipeline.stop(), 0)
  })
})
