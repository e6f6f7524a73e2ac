import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Cluster, openCluster } from '../support/cluster.ts'
import { openFleet } from '../support/fleet.ts'
import { administer } from '../support/kafka.ts'
import { createOracle } from '../support/oracle.ts'
import { startPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'

const TOPIC = 'unclean'
const PARTITIONS = 2
const EVENTS = 2_000

// Three brokers start too slowly for the fast selection.
const ifThorough = { skip: THOROUGH ? false : 'npm run test:faults runs it' }

describe('an unclean leader election', ifThorough, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await openCluster()
    // Node 3 has no copy: it only keeps the controllers able to elect while one of the others is down.
    await administer(cluster.bootstrap, (admin) =>
      admin.createTopics({
        topics: [TOPIC],
        assignments: Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, brokers: [1, 2] })),
        configs: [
          { name: 'unclean.leader.election.enable', value: 'true' },
          { name: 'min.insync.replicas', value: '1' },
        ],
      }),
    )
  })
  after(() => cluster.close())

  /** Waits until a node leads all partitions. */
  async function leads(node: number): Promise<void> {
    await administer(cluster.bootstrap, (admin) =>
      until(`node ${node} leads`, async () => {
        const metadata = await admin.metadata({ topics: [TOPIC], forceUpdate: true }).catch(() => null)
        const partitions = metadata?.topics.get(TOPIC)?.partitions ?? []
        return partitions.length === PARTITIONS && partitions.every(({ leader }) => leader === node)
      }),
    )
  }

  it('15. loses no listen, and says which offsets the log gave to other records', async () => {
    const data = join(cluster.directory, 'playhead')
    const oracle = await createOracle(cluster.bootstrap, TOPIC)
    const playhead = await startPlayhead({
      PLAYHEAD_DATA: data,
      KAFKA_BROKERS: cluster.bootstrap,
      KAFKA_TOPIC: TOPIC,
    })
    const areStored = () =>
      until('it is stored', async () => (await playhead.totals()).listens >= oracle.acknowledged, 120_000)
    try {
      await oracle.send(EVENTS)
      await areStored()
      await cluster.kill(2)
      await leads(1)
      // Only node 1 has these.
      await oracle.send(EVENTS)
      await areStored()
      await cluster.kill(1)
      await cluster.start(2)
      await leads(2)
      await oracle.renewProducer()
      await oracle.send(3 * EVENTS)
      await cluster.start(1)
      await areStored()
      await until('it is reported', async () => (await playhead.readiness()).lost_tails.length === PARTITIONS)
      const { lost_tails } = await playhead.readiness()
      const lost = lost_tails.reduce(
        (sum, { first_offset, end_offset }) => sum + end_offset - first_offset,
        0,
      )
      assert.equal(lost, EVENTS)
      assert.equal(await playhead.stop(), 0)
      const fleet = await openFleet(join(cluster.directory, 'playhead'), cluster.bootstrap, 'store')
      await reportCase('15 unclean leader election', await oracle.verify(fleet.store))
      await fleet.close()
    } finally {
      await playhead.kill()
      await oracle.close()
    }
  })
})
