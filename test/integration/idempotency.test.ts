import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ONCE_HEADER } from '../../src/kafka/once.ts'
import { event, record } from '../support/event.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { countRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { openProxy, type TcpProxy } from '../support/proxy.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('a POST with an Idempotency-Key', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  async function post(key: string | null, title: string) {
    const { timestamp: _, ...listen } = event({ title })
    const answer = await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
      body: JSON.stringify(listen),
    })
    return { status: answer.status, body: (await answer.json()) as { id?: string; error?: { code: string } } }
  }
  const stored = async (title: string) =>
    (await playhead.listens('limit=1000')).listens.filter((listen) => listen.title === title)
  const sent = () => countRecords(workspace.broker.address)

  it('gets the first answer each time and stores one event, also for two simultaneous requests', async () => {
    const before = await sent()
    const [first, second] = await Promise.all([post('k-1', 'Once'), post('k-1', 'Once')])
    assert.equal(first.status, 201)
    assert.deepEqual(second, first)
    assert.deepEqual(await post('k-1', 'Once'), first)
    assert.equal(await sent(), before + 1)
    await until('it is stored', async () => (await stored('Once')).length === 1)
    assert.equal((await stored('Once'))[0]?.id, first.body.id)
  })

  it('gets the first answer after a restart', async () => {
    const first = await post('k-2', 'Before the restart')
    assert.equal(await playhead.stop(), 0)
    playhead = await workspace.start()
    const before = await sent()
    assert.deepEqual(await post('k-2', 'Before the restart'), first)
    assert.equal(await sent(), before)
  })

  it('is stored once after its answer was lost in a crash', async () => {
    // What a crash between Kafka's acknowledgement and the answer leaves: a record, and no answer that was kept.
    const headers = new Map([[ONCE_HEADER, Buffer.from('post/k-3')]])
    await sendRecords(workspace.broker.address, [{ ...record({ title: 'Lost' }), headers }])
    await until('it is stored', async () => (await stored('Lost')).length === 1)
    const before = await sent()
    const repeated = await post('k-3', 'Lost')
    assert.deepEqual([repeated.status, repeated.body.id], [201, (await stored('Lost'))[0]?.id])
    assert.equal(await sent(), before)
  })

  it('is refused with another body or with an invalid key', async () => {
    assert.equal((await post('k-4', 'One')).status, 201)
    const other = await post('k-4', 'Another')
    assert.deepEqual([other.status, other.body.error?.code], [422, 'idempotency_key_reused'])
    for (const key of ['k'.repeat(201), 'a key'])
      assert.deepEqual((await post(key, 'One')).body.error?.code, 'bad_idempotency_key')
  })

  it('is refused with another body, also when the answer was lost in a crash', async () => {
    const headers = new Map([[ONCE_HEADER, Buffer.from('post/k-5')]])
    await sendRecords(workspace.broker.address, [{ ...record({ title: 'Kept' }), headers }])
    await until('it is stored', async () => (await stored('Kept')).length === 1)
    const other = await post('k-5', 'Not what was sent first')
    assert.deepEqual([other.status, other.body.error?.code], [422, 'idempotency_key_reused'])
    assert.equal((await post('k-5', 'Kept')).status, 201)
  })

  it('counts each request without a key', async () => {
    await post(null, 'Twice')
    await post(null, 'Twice')
    await until('both are stored', async () => (await stored('Twice')).length === 2)
  })
})

describe('a POST with an Idempotency-Key while the store does not answer', () => {
  const TOPIC = 'store-away'
  let workspace: Workspace
  let fleet: Fleet
  let proxy: TcpProxy
  before(async () => {
    workspace = await openWorkspace()
    fleet = await openFleet(workspace.directory, workspace.broker.address, TOPIC)
    proxy = await openProxy(Number(new URL(fleet.url).port))
  })
  after(async () => {
    await workspace.close()
    await proxy.close()
    await fleet.close()
  })

  it('is answered, gets the first answer again, and is stored once, also when it is repeated after a crash', async () => {
    const env = { KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: `http://${proxy.address}` }
    let playhead = await workspace.start(env)
    const post = async () => {
      const answer = await fetch(`${playhead.url}/api/listens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'away' },
        body: JSON.stringify(event({ title: 'While it is away', timestamp: 1_764_000_000 })),
        // Only so that the test ends where nothing is answered.
        signal: AbortSignal.timeout(60_000),
      })
      return { status: answer.status, body: await answer.json() }
    }
    proxy.stall()
    const [first, second] = await Promise.all([post(), post()])
    assert.equal(first.status, 201)
    assert.deepEqual(second, first)
    assert.deepEqual(await post(), first)
    // The answer has not reached the store, so the next process finds the listen there, or sends it again.
    await playhead.kill()
    proxy.reset()
    proxy.resume()
    playhead = await workspace.start(env)
    assert.equal((await post()).status, 201)
    const [placed] = await sendRecords(
      workspace.broker.address,
      [record({ user_id: event().user_id, title: 'After it' })],
      TOPIC,
    )
    assert.ok(placed !== undefined)
    await until('what was sent after it is stored', async () =>
      (await playhead.listens('limit=1000')).listens.some(({ title }) => title === 'After it'),
    )
    const titles = (await playhead.listens('limit=1000')).listens.map(({ title }) => title)
    assert.deepEqual(titles.sort(), ['After it', 'While it is away'])
  })
})
