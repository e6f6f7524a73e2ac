import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ONCE_HEADER } from '../../src/kafka/once.ts'
import type { OutgoingRecord } from '../../src/kafka/producer.ts'
import { record } from '../support/event.ts'
import { administer, countRecords, sendRecords } from '../support/kafka.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('delivery', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  it('resumes after a stop and a start', async () => {
    const first = await workspace.start()
    await sendRecords(workspace.broker.address, [record(), record(), record()])
    await until('three listens', async () => (await first.totals()).listens === 3)
    assert.equal(await first.stop(), 0)

    // Two more arrive while nothing runs.
    await sendRecords(workspace.broker.address, [record(), record()])
    const second = await workspace.start()
    await until('five listens', async () => (await second.totals()).listens === 5)
    const ids = (await second.listens()).listens.map(({ id }) => id)
    assert.equal(new Set(ids).size, 5)
    assert.equal(await second.stop(), 0)
  })

  it('neither loses nor repeats a listen when it is killed repeatedly under load', async () => {
    const { address: bootstrap } = workspace.broker
    const already = await countRecords(bootstrap)
    for (let round = 0; round < 4; round++) {
      const playhead = await workspace.start({ SIMULATOR_RATE: '2000' })
      const wanted = already + (round + 1) * 500
      await until('it is in the middle of its work', async () => (await countRecords(bootstrap)) > wanted)
      await playhead.kill()
    }
    const survivor = await workspace.start()
    const sent = await countRecords(bootstrap)
    assert.ok(sent > already + 2_000)
    await until('every record is stored', async () => (await survivor.totals()).listens >= sent)
    assert.equal((await survivor.totals()).listens, sent)
    // Each of them once: as many different places in Kafka as rows.
    const ids = new Set<string>()
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await survivor.listens(`limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`)
      for (const { id } of page.listens) ids.add(id)
      cursor = page.next
    }
    assert.equal(ids.size, sent)
    await survivor.stop()
  })

  it('drains the records that it has read when it is asked to stop', async () => {
    const { address: bootstrap } = workspace.broker
    const playhead = await workspace.start({ SIMULATOR_RATE: '3000' })
    const before = await countRecords(bootstrap)
    await until('traffic', async () => (await countRecords(bootstrap)) > before + 3_000)
    assert.equal(await playhead.stop(), 0)
    const sent = await countRecords(bootstrap)
    const next = await workspace.start()
    await until('every record is stored', async () => (await next.totals()).listens >= sent)
    assert.equal((await next.totals()).listens, sent)
    await next.stop()
  })

  it('stores records with the same once key once, however often they are sent', async () => {
    const topic = 'sent-again'
    const env = { KAFKA_TOPIC: topic, LOG_LEVEL: 'info' }
    const send = (...records: OutgoingRecord[]) => sendRecords(workspace.broker.address, records, topic)
    const once = (key: string, fields = {}) => ({
      ...record(fields),
      headers: new Map([[ONCE_HEADER, Buffer.from(key)]]),
    })
    const first = await workspace.start(env, 'once')
    // Twice in one batch, then again after it is stored, in another partition, and after a crash.
    await send(once('a', { title: 'First' }), once('a', { title: 'Second' }))
    await until('it is stored', async () => (await first.totals()).listens === 1)
    await send(once('a', { user_id: 'another partition' }), once('b'))
    await until('another is stored', async () => (await first.totals()).listens === 2)
    await first.kill()
    await send(once('b', { title: 'Third' }), once('a'), record({ title: 'The last' }))
    const second = await workspace.start(env, 'once')
    await until('the last is stored', async () => (await second.totals()).listens === 3)
    const titles = (await second.listens()).listens.map(({ title }) => title)
    assert.deepEqual(
      titles.filter((title) => title === 'Second' || title === 'Third'),
      [],
    )
    // Repeats that were not stored do not count as lost at the next start.
    assert.equal(await second.stop(), 0)
    const third = await workspace.start(env, 'once')
    assert.equal((await third.totals()).listens, 3)
    assert.doesNotMatch(third.output(), /does not hold these offsets/)
    await third.stop()
  })

  it('fills a new store from the beginning of the topic', async () => {
    const sent = await countRecords(workspace.broker.address)
    const fresh = await workspace.start({}, 'another-store')
    await until('every record is stored', async () => (await fresh.totals()).listens >= sent)
    assert.equal((await fresh.totals()).listens, sent)
    await fresh.stop()
  })

  it('reads partitions that are added while it runs', async () => {
    const { address: bootstrap } = workspace.broker
    const playhead = await workspace.start({}, 'third-store')
    const before = await countRecords(bootstrap)
    await until('every record is stored', async () => (await playhead.totals()).listens === before)
    await administer(bootstrap, (admin) =>
      admin.createPartitions({ topics: [{ name: 'music-streams', count: 9, assignments: null }] }),
    )
    await until('a record in a new partition', async () => {
      const user_id = crypto.randomUUID()
      const [placed] = await sendRecords(bootstrap, [record({ user_id })])
      return placed !== undefined && placed.partition >= 6
    })
    const sent = await countRecords(bootstrap)
    await until('every record is stored', async () => (await playhead.totals()).listens === sent)
    await playhead.stop()
  })

  it('reads a topic that was deleted and created again from its beginning, and keeps earlier listens', async () => {
    const { address: bootstrap } = workspace.broker
    const playhead = await workspace.start({}, 'fourth-store')
    const before = await countRecords(bootstrap)
    await until('every record is stored', async () => (await playhead.totals()).listens === before)
    await administer(bootstrap, (admin) => admin.deleteTopics({ topics: ['music-streams'] }))
    const titles = ['New One', 'New Two', 'New Three']
    await until('the topic takes records again', async () =>
      sendRecords(
        bootstrap,
        titles.map((title) => record({ title })),
      ).catch(() => false),
    )
    await until('the new ones', async () => (await playhead.totals()).listens >= before + titles.length)
    assert.equal((await playhead.totals()).listens, before + titles.length)
    assert.equal(await playhead.stop(), 0)
  })
})
