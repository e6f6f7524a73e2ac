import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'cassandra-driver'
import { NO_EXTRAS } from '../../src/listen/fields.ts'
import { type RunningCassandra, startCassandra } from '../support/cassandra.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { compare, listensOf, type RunningSink, startSinkProcess } from '../support/sink.ts'
import { reportSystem, THOROUGH_SYSTEMS } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const AWAY_MS = THOROUGH_SYSTEMS ? 60_000 : 5_000
const RATE = 400
/** Memory limit while Cassandra is unavailable: one fetch plus memory that is not yet collected. */
const MOST_GROWN = 64 * 1024 * 1024
/** Cassandra's code for an unknown keyspace or table. */
const INVALID = 0x2200

describe('the sink to Cassandra', () => {
  let workspace: Workspace
  let server: RunningCassandra
  let client: Client
  const sinks: RunningSink[] = []
  const oracles: Oracle[] = []

  before(async () => {
    ;[workspace, server] = await Promise.all([openWorkspace(), startCassandra()])
    client = await server.connect()
  })
  after(async () => {
    for (const sink of sinks) if (sink.ended() === null) await sink.kill()
    for (const oracle of oracles) await oracle.close()
    await client?.shutdown()
    await server?.close()
    await workspace?.close()
  })

  /** Each case has a separate topic and keyspace with the same name. */
  const settings = (name: string): Record<string, string> => ({
    KAFKA_BROKERS: workspace.broker.address,
    KAFKA_TOPIC: name,
    CASSANDRA_CONTACT_POINTS: server.address,
    CASSANDRA_KEYSPACE: name,
    CASSANDRA_USERNAME: 'cassandra',
    CASSANDRA_PASSWORD: 'cassandra',
  })
  async function startSink(name: string, env: Record<string, string> = {}): Promise<RunningSink> {
    const sink = await startSinkProcess('cassandra', { ...settings(name), ...env })
    sinks.push(sink)
    return sink
  }
  async function load(name: string): Promise<Oracle> {
    const oracle = await createOracle(workspace.broker.address, name)
    oracles.push(oracle)
    return oracle
  }

  /** Listens of a table by topic position; none while the table does not exist. */
  async function idsIn(name: string, table: string): Promise<string[]> {
    const ids: string[] = []
    try {
      const rows = await client.execute(`SELECT listen_id FROM ${name}.${table}`, [], { prepare: true })
      for await (const row of rows) ids.push(row['listen_id'])
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: string }
      // The second error occurs while the table is being created.
      if (code !== INVALID && !message?.includes('Unknown CF')) throw error
    }
    return ids
  }

  /**
   * Waits until both tables hold every listen of the topic; reports missing and duplicate listens.
   */
  async function verify(name: string, what: string): Promise<void> {
    const expected = new Set((await listensOf(workspace.broker.address, name)).keys())
    const look = async (table: string) => compare(expected, await idsIn(name, table))
    const isThere = async () => (await look('music_streams_by_user')).missing === 0
    await until('every listen is there', isThere, 180_000).catch((error) => {
      if (!/in vain/.test(String(error))) throw error
    })
    const verdict = await look('music_streams_by_user')
    assert.deepEqual(verdict, { events: expected.size, missing: 0, twice: 0 })
    assert.deepEqual(await look('music_streams_by_song'), verdict)
    await reportSystem({ system: 'cassandra', case: what, ...verdict })
  }

  /** Bytes used by JavaScript and its buffers. */
  async function memoryOf(sink: RunningSink): Promise<number> {
    const metrics = await sink.metrics()
    return ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes']
      .map((metric) => Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(metrics)?.[1]))
      .reduce((sum, bytes) => sum + bytes)
  }

  const isRunning = async (sink: RunningSink) => (await sink.state()).state === 'running'

  it('keeps every field, and answers by user and by song', async () => {
    const name = 'fields'
    const user_id = 'Zoë 🎧 '
    const at = Date.UTC(2026, 9, 31, 23, 59, 59) / 1000
    const listens = [
      event({ user_id, title: 'Ágætis byrjun', artist: 'Sigur Rós', timestamp: at + 0.123, rating: null }),
      event({ user_id, title: "Robert'); DROP TABLE x;--", artist: '"', timestamp: at + 1.5, rating: 3.5 }),
      event({
        user_id,
        title: '夜に駆ける',
        artist: 'YOASOBI',
        timestamp: at + 1.5,
        location: { city: '東京', country: '日本' },
      }),
      event({ user_id: 'somebody else', title: '夜に駆ける', artist: 'YOASOBI', timestamp: at - 3600 }),
    ]
    const once = { headers: new Map([['playhead.once', Buffer.from('post-1')]]) }
    await load(name)
    await sendRecords(
      workspace.broker.address,
      [
        ...listens.map(record),
        { key: Buffer.from('k'), value: Buffer.from('{"no": "listen"}') },
        { ...record({ user_id: 'once' }), ...once, partition: 0 },
        { ...record({ user_id: 'once', rating: 1 }), ...once, partition: 0 },
      ],
      name,
    )
    const sink = await startSink(name)
    await until('everything is written', async () =>
      /handed_total{system="cassandra"} 6/.test(await sink.metrics()),
    )
    assert.match(await sink.metrics(), /records_refused_total{system="cassandra",reason="missing_field"} 1/)

    const months = await client.execute(
      `SELECT month FROM ${name}.music_streams_months_by_user WHERE user_id = ?`,
      [user_id],
      { prepare: true },
    )
    assert.deepEqual(
      months.rows.map((row) => row['month']),
      ['2026-11', '2026-10'],
      'newest first',
    )
    const byMonth = async (month: string) => {
      const query = `SELECT * FROM ${name}.music_streams_by_user WHERE user_id = ? AND month = ? LIMIT 10`
      return (await client.execute(query, [user_id, month], { prepare: true })).rows
    }
    const [november, october] = [await byMonth('2026-11'), await byMonth('2026-10')]
    assert.equal(november.length, 2, 'two listens of the same millisecond are two rows')
    const { listen_id, ...row } = { ...october[0] }
    assert.match(listen_id, /^[0-9a-f-]{36}\/\d+\/\d+$/)
    assert.deepEqual(row, {
      ...Object.fromEntries(Object.keys(NO_EXTRAS).map((name) => [name, null])),
      user_id,
      month: '2026-10',
      timestamp: new Date((at + 0.123) * 1000),
      title: 'Ágætis byrjun',
      artist: 'Sigur Rós',
      genre: 'Alt Pop',
      mood: 'Melancholic',
      platform: 'Spotify',
      duration: 212,
      listen_position: 183,
      completed: true,
      rating: null,
      skipped: false,
      city: 'Osaka',
      country: 'Japan',
    })
    assert.deepEqual(november.map((found) => found['rating']).sort(), [3.5, 4])
    const bySong = `SELECT user_id, city FROM ${name}.music_streams_by_song WHERE artist = ? AND title = ? AND day = ? AND hour IN (22, 23)`
    const songs = await client.execute(bySong, ['YOASOBI', '夜に駆ける', '2026-10-31'], { prepare: true })
    assert.deepEqual(
      songs.rows.map((found) => found['user_id']),
      ['somebody else'],
    )
    const kept = await client.execute(
      `SELECT rating FROM ${name}.music_streams_by_user WHERE user_id = 'once' ALLOW FILTERING`,
    )
    assert.deepEqual(
      kept.rows.map((found) => found['rating']),
      [4],
      'the first one with its once key counts',
    )
    assert.equal(await sink.stop(), 0)
  })

  it('reports a wrong password, and continues when it is right', async () => {
    const name = 'password'
    const oracle = await load(name)
    await oracle.send(2_000)
    await client.execute(`CREATE ROLE sink WITH PASSWORD = 'another' AND LOGIN = true`)
    await client.execute('GRANT CREATE ON ALL KEYSPACES TO sink')
    const sink = await startSink(name, { CASSANDRA_USERNAME: 'sink', CASSANDRA_PASSWORD: 'hush-hush' })
    const wrong = await until('the sink reports it', async () => {
      const state = await sink.state()
      return state.state === 'failed' ? state : null
    })
    assert.match(wrong.detail, /CASSANDRA_PASSWORD/)
    assert.ok(!`${sink.output()}${wrong.detail}`.includes('hush-hush'))
    await client.execute(`ALTER ROLE sink WITH PASSWORD = 'hush-hush'`)
    await until('it runs', () => isRunning(sink))
    await verify(name, 'wrong password, then right')
    await sink.kill()
  })

  it('reports a missing permission or a conflicting table', async () => {
    const detailOf = async (sink: RunningSink) =>
      await until('the sink reports it', async () => {
        const { state, detail } = await sink.state()
        return state === 'failed' ? detail : null
      })
    const login = { CASSANDRA_USERNAME: 'reader', CASSANDRA_PASSWORD: 'reader' }
    await load('rights').then((oracle) => oracle.send(10))
    await client.execute(`CREATE ROLE reader WITH PASSWORD = 'reader' AND LOGIN = true`)
    const reader = await startSink('rights', login)
    assert.match(await detailOf(reader), /no CREATE permission .* Grant the user in CASSANDRA_USERNAME/)
    await reader.kill()

    await load('taken').then((oracle) => oracle.send(10))
    const replication = `{'class': 'NetworkTopologyStrategy', 'datacenter1': 1}`
    await client.execute(`CREATE KEYSPACE taken WITH replication = ${replication}`)
    await client.execute('CREATE TABLE taken.music_streams_by_user (user_id text PRIMARY KEY)')
    const sink = await startSink('taken')
    assert.match(await detailOf(sink), /CASSANDRA_KEYSPACE/)
    await client.execute('DROP TABLE taken.music_streams_by_user')
    await until('it runs', () => isRunning(sink))
    await verify('taken', 'a table in the way, then none')
    await sink.kill()
  })

  it('waits and reports it while Cassandra is unavailable under load', async () => {
    const name = 'away'
    const oracle = await load(name)
    const sink = await startSink(name)
    const stop = oracle.drive({ rate: RATE, spoil: (n) => (n % 97 === 0 ? Buffer.from('no') : undefined) })
    await until('it runs', () => isRunning(sink))
    await until('listens are there', async () => (await idsIn(name, 'music_streams_by_user')).length > RATE)
    // The driver's client leaks a connection when it outlives an outage; the sink opens a new
    // client instead.
    await client.shutdown()
    const before = await memoryOf(sink)
    await server.kill()
    const state = await until('the sink reports it', async () => {
      const now = await sink.state()
      return now.state === 'waiting' ? now : null
    })
    assert.match(state.detail, /does not accept listens .*Check that it runs/)
    await pause(AWAY_MS)
    await until(
      'its lag shows',
      async () => Number(/system_lag_offsets{.*} (\d+)/.exec(await sink.metrics())?.[1]) > RATE,
    )
    const grown = (await memoryOf(sink)) - before
    assert.ok(grown < MOST_GROWN, `what waits is kept in Kafka and not in memory: ${grown} bytes more`)
    await server.start()
    client = await server.connect()
    await until('it runs', () => isRunning(sink))
    await stop()
    await verify(name, `killed, away ${AWAY_MS / 1000} s`)
    assert.equal(await sink.stop(), 0)
  })

  it('continues after Kafka was killed and unavailable', async () => {
    const name = 'kafka'
    const oracle = await load(name)
    const sink = await startSink(name)
    const held = async () => (await idsIn(name, 'music_streams_by_user')).length
    const stop = oracle.drive({ rate: RATE })
    for (let kills = 0; kills < 2; kills++) {
      const before = await held()
      await until('listens arrive', async () => (await held()) > before + RATE)
      const { pid } = workspace.broker
      process.kill(pid, 'SIGKILL')
      await until('the broker is started again', () => workspace.broker.pid !== pid)
    }
    await until('it runs', () => isRunning(sink))
    const startBroker = await workspace.stopBroker()
    const state = await until('the sink reports it', async () => {
      const now = await sink.state()
      return now.state === 'waiting' ? now : null
    })
    assert.match(state.detail, /Kafka|group/)
    await pause(AWAY_MS)
    await startBroker()
    await until('it runs', () => isRunning(sink))
    const before = await held()
    await until('listens arrive', async () => (await held()) > before + RATE)
    await stop()
    await verify(name, `Kafka killed twice, away ${AWAY_MS / 1000} s`)
    assert.ok((await held()) >= oracle.acknowledged)
    assert.equal(await sink.stop(), 0)
  })

  it('loses and repeats nothing when the sink is killed repeatedly', async () => {
    const name = 'killed'
    const oracle = await load(name)
    const stop = oracle.drive({ rate: RATE })
    for (let kills = 0; kills < 3; kills++) {
      const sink = await startSink(name)
      const before = kills === 0 ? 0 : (await idsIn(name, 'music_streams_by_user')).length
      await until('it writes listens', async () => /handed_total{.*} [1-9]/.test(await sink.metrics()))
      await until('more is there', async () => (await idsIn(name, 'music_streams_by_user')).length > before)
      await sink.kill()
    }
    const [one, other] = [await startSink(name), await startSink(name)]
    await until('both are members', () =>
      [one, other].every((sink) => sink.output().includes('partitions assigned')),
    )
    await stop()
    assert.equal(await other.stop(), 0)
    await verify(name, 'sink killed 3 times, then shared')
    assert.equal(await one.stop(), 0)
  })

  it('fills a keyspace again that was emptied', async () => {
    const name = 'emptied'
    const oracle = await load(name)
    await oracle.send(3_000)
    const sink = await startSink(name)
    await verify(name, 'filled')
    await client.execute(`DROP KEYSPACE ${name}`)
    await oracle.send(1_000)
    await until('the keyspace is made again', async () => {
      const known = await client.execute('SELECT keyspace_name FROM system_schema.keyspaces')
      return known.rows.some((row) => row['keyspace_name'] === name)
    })
    await until('it runs', () => isRunning(sink))
    await verify(name, 'keyspace dropped')
    await sink.kill()
  })

  it('runs inside playhead up, beside the store', async () => {
    const name = 'beside'
    const oracle = await load(name)
    const playhead = await workspace.start({ ...settings(name), SINKS: 'cassandra' }, name)
    await oracle.send(5_000)
    const [state] = await until('it runs', async () => {
      const { systems } = await playhead.readiness()
      return systems[0]?.state === 'running' ? systems : null
    })
    assert.deepEqual(state, { name: 'cassandra', ok: true, state: 'running', detail: '' })
    await until('the store has them', async () => (await playhead.totals()).listens === 5_000)
    await verify(name, 'inside playhead up')
    assert.equal(await playhead.stop(), 0)
  })

  it('keeps up', async () => {
    const name = 'pace'
    const count = THOROUGH_SYSTEMS ? 200_000 : 40_000
    const oracle = await load(name)
    await oracle.send(count, { users: 2_000 })
    const sink = await startSink(name)
    const handed = async () => Number(/handed_total{.*} (\d+)/.exec(await sink.metrics())?.[1] ?? 0)
    await until('it has its partitions', () => sink.output().includes('partitions assigned'))
    const started = performance.now()
    await until('everything is written', async () => (await handed()) === count, 300_000)
    const perSecond = (count / (performance.now() - started)) * 1000
    await reportSystem({
      system: 'cassandra',
      case: 'throughput',
      events: count,
      missing: 0,
      twice: 0,
      perSecond,
    })
    await sink.kill()
  })
})
