import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Firestore } from '@google-cloud/firestore'
import { freePort } from '../../src/runtime/port.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { type RunningScript, startScript } from '../support/script.ts'
import { compare, listensOf, type RunningSink, startSinkProcess } from '../support/sink.ts'
import { reportSystem, THOROUGH_SYSTEMS } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const AWAY_MS = THOROUGH_SYSTEMS ? 60_000 : 5_000
const RATE = 100

// Otherwise, Google's library looks for the network of a Google machine.
process.env['METADATA_SERVER_DETECTION'] = 'none'

describe('the sink to Firestore', () => {
  let workspace: Workspace
  let port: string
  let emulator: RunningScript
  const sinks: RunningSink[] = []
  const oracles: Oracle[] = []
  const clients: Firestore[] = []

  before(async () => {
    workspace = await openWorkspace()
    port = String(await freePort())
    await startEmulator()
  })
  after(async () => {
    for (const sink of sinks) if (sink.ended() === null) await sink.kill()
    for (const oracle of oracles) await oracle.close()
    for (const client of clients) await client.terminate()
    await emulator?.kill()
    await workspace?.close()
  })

  async function startEmulator(): Promise<void> {
    emulator = startScript('firestore-emulator.ts', [port])
    await emulator.firstLine
  }

  /** Each case has a separate topic and project with the same name. */
  async function startSink(name: string, env: Record<string, string> = {}): Promise<RunningSink> {
    const sink = await startSinkProcess('firestore', {
      KAFKA_BROKERS: workspace.broker.address,
      KAFKA_TOPIC: name,
      FIRESTORE_PROJECT: name,
      FIRESTORE_EMULATOR_HOST: `127.0.0.1:${port}`,
      METADATA_SERVER_DETECTION: 'none',
      ...env,
    })
    sinks.push(sink)
    return sink
  }
  async function load(name: string): Promise<Oracle> {
    const oracle = await createOracle(workspace.broker.address, name)
    oracles.push(oracle)
    return oracle
  }
  function connect(name: string): Firestore {
    const client = new Firestore({ projectId: name, host: `127.0.0.1:${port}`, ssl: false })
    clients.push(client)
    return client
  }

  async function idsIn(client: Firestore): Promise<string[]> {
    const { docs } = await client.collection('stream_events').get()
    // Without the four digits that spread the load; the rest is the topic position, with hyphens.
    return docs.map(({ id }) => id.slice(5).replace(/-(\d+)-(\d+)$/, '/$1/$2'))
  }

  async function verify(name: string, client: Firestore, what: string, sink: RunningSink): Promise<void> {
    // The emulator does one thing at a time, so do not read everything while it is being filled.
    const lag = async () => /system_lag_offsets{.*} (\d+)/.exec(await sink.metrics())?.[1]
    await until('nothing is left', async () => (await isRunning(sink)) && (await lag()) === '0', 180_000)
    const expected = new Set((await listensOf(workspace.broker.address, name)).keys())
    const look = async () => compare(expected, await idsIn(client))
    await until('every listen is there', async () => (await look()).missing === 0).catch(() => {})
    const verdict = await look()
    assert.deepEqual(verdict, { events: expected.size, missing: 0, twice: 0 })
    await reportSystem({ system: 'firestore', case: what, ...verdict })
  }

  const isRunning = async (sink: RunningSink) => (await sink.state()).state === 'running'
  const handedBy = async (sink: RunningSink) =>
    Number(/handed_total{.*} (\d+)/.exec(await sink.metrics())?.[1] ?? 0)

  it('writes the documents that readers expect, whatever names they have', async () => {
    const name = 'documents'
    await load(name)
    const client = connect(name)
    await client.collection('moods').doc('Dark').set({ name: 'Dark', colour: 'black' })
    const listens = [
      event({
        title: 'Ágætis byrjun',
        artist: 'Sigur Rós',
        mood: 'Dark',
        rating: null,
        timestamp: 1_764_000_000.5,
      }),
      event({ title: 'AC/DC', genre: 'R&B/Soul', platform: '..', mood: '__all__' }),
      event({ title: 'Hello', artist: 'Adele' }),
      event({ title: 'Hello', artist: 'Lionel Richie' }),
      event({ title: '夜'.repeat(500), artist: 'long' }),
    ]
    const once = { headers: new Map([['playhead.once', Buffer.from('post-1')]]), partition: 0 }
    await sendRecords(
      workspace.broker.address,
      [
        ...listens.map((fields) => record(fields)),
        { key: Buffer.from('k'), value: Buffer.from('[]') },
        { ...record({ user_id: 'once' }), ...once },
        { ...record({ user_id: 'once', rating: 1 }), ...once },
      ],
      name,
    )
    const sink = await startSink(name)
    await until('everything is written', async () => (await handedBy(sink)) === 7)
    assert.match(await sink.metrics(), /records_refused_total{system="firestore",reason="not_an_object"} 1/)

    const ids = async (collection: string) =>
      (await client.collection(collection).get()).docs.map(({ id }) => id).sort()
    assert.deepEqual(await ids('moods'), ['%5F%5Fall__', 'Dark', 'Melancholic'])
    assert.deepEqual(await ids('platforms'), ['%2E%2E', 'Spotify'])
    assert.deepEqual(await ids('genres'), ['Alt Pop', 'R&B%2FSoul'])
    const dark = (await client.collection('moods').doc('Dark').get()).data()
    assert.deepEqual(dark, { name: 'Dark', colour: 'black' }, 'what others wrote stays')
    const songs = await ids('songs')
    for (const id of ['AC%2FDC', 'Glimpse of Us', 'Ágætis byrjun']) assert.ok(songs.includes(id), id)
    const hellos = songs
      .filter((id) => id.startsWith('Hello'))
      .map(async (id) => (await client.collection('songs').doc(id).get()).data()?.['artist'])
    assert.deepEqual((await Promise.all(hellos)).sort(), ['Adele', 'Lionel Richie'])
    const long = (await client.collection('songs').where('artist', '==', 'long').get()).docs
    assert.equal(long.length, 1)
    assert.equal(long[0]?.data()['title'], '夜'.repeat(500))
    assert.ok(Buffer.byteLength(long[0]?.id ?? '') <= 1_500)

    const events = client.collection('stream_events')
    const [stored] = (await events.where('title', '==', 'Ágætis byrjun').get()).docs.map((doc) => doc.data())
    const { partition, offset, ...fields } = stored ?? {}
    assert.deepEqual(fields, listens[0])
    assert.equal(typeof partition, 'number')
    assert.equal(typeof offset, 'number')
    const [kept, ...others] = (await events.where('user_id', '==', 'once').get()).docs
    assert.equal(kept?.data()['rating'], 4, 'the first one with its once key counts')
    assert.deepEqual(others, [])
    assert.equal(await sink.stop(), 0)
  })

  it('reports missing credentials, and writes listens when it has them', async () => {
    const name = 'credentials'
    const oracle = await load(name)
    await oracle.send(300)
    const without = await startSink(name, {
      FIRESTORE_EMULATOR_HOST: '',
      GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/account.json',
    })
    const { detail } = await until('the sink reports it', async () => {
      const state = await without.state()
      return state.state === 'failed' ? state : null
    })
    assert.match(detail, /GOOGLE_APPLICATION_CREDENTIALS/)
    await without.kill()
    const sink = await startSink(name)
    await verify(name, connect(name), 'no credentials, then right', sink)
    await sink.kill()
  })

  it('waits while the emulator is unavailable, and refills it because it restarts empty', async () => {
    const name = 'away'
    const oracle = await load(name)
    const sink = await startSink(name)
    const stop = oracle.drive({ rate: RATE })
    await until('listens are written', async () => (await handedBy(sink)) > RATE)
    await emulator.kill()
    const { detail } = await until('the sink reports it', async () => {
      const state = await sink.state()
      return state.state === 'waiting' ? state : null
    })
    assert.match(detail, /The Firestore emulator at .* does not accept listens/)
    await pause(AWAY_MS)
    await startEmulator()
    await until('it runs', () => isRunning(sink))
    await stop()
    await verify(name, connect(name), `killed and emptied, away ${AWAY_MS / 1000} s`, sink)
    assert.equal(await sink.stop(), 0)
  })

  it('loses and repeats nothing when the sink is killed repeatedly', async () => {
    const name = 'killed'
    const oracle = await load(name)
    const client = connect(name)
    const stop = oracle.drive({ rate: RATE })
    for (let kills = 0; kills < 3; kills++) {
      const sink = await startSink(name)
      await until('it writes listens', async () => (await handedBy(sink)) > 0)
      await sink.kill()
    }
    const sink = await startSink(name)
    await stop()
    await verify(name, client, 'sink killed 3 times', sink)
    assert.equal(await sink.stop(), 0)
  })

  it('keeps up', async () => {
    const name = 'pace'
    const count = THOROUGH_SYSTEMS ? 20_000 : 5_000
    const oracle = await load(name)
    await oracle.send(count)
    const sink = await startSink(name)
    await until('it has its partitions', () => sink.output().includes('partitions assigned'))
    const started = performance.now()
    await until('everything is written', async () => (await handedBy(sink)) === count, 300_000)
    const perSecond = (count / (performance.now() - started)) * 1000
    await reportSystem({
      system: 'firestore',
      case: 'throughput',
      events: count,
      missing: 0,
      twice: 0,
      perSecond,
    })
    await sink.kill()
  })
})
