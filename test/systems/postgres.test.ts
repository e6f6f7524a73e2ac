import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { SystemsAnswer } from '../../src/api/routes/systems.ts'
import type { Reason } from '../../src/listen/reason.ts'
import { freePort } from '../../src/runtime/port.ts'
import { BAD } from '../support/bad-values.ts'
import { event, record } from '../support/event.ts'
import { countRecords, readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { compare, listensOf } from '../support/sink.ts'
import { reportSystem, THOROUGH_SYSTEMS } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'music-streams'
const AWAY_MS = THOROUGH_SYSTEMS ? 60_000 : 5_000
const MANY = THOROUGH_SYSTEMS ? 200_000 : 20_000

/** What Kafka Connect sees of a record otherwise than the pipeline does. */
const SEEN_AS: Partial<Record<Reason, Reason>> = {
  record_too_large: 'too_long',
  negative_number: 'out_of_range',
}

describe('PostgreSQL by Kafka Connect', () => {
  let workspace: Workspace
  let postgres: RunningPostgres
  let playhead: RunningPlayhead
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-postgres-'))
    ;[workspace, postgres] = await Promise.all([openWorkspace(), startPostgres(folder)])
    const table = await readFile(new URL('../../connect/postgres.sql', import.meta.url), 'utf8')
    await postgres.query(table)
    await postgres.query(`CREATE ROLE connector LOGIN PASSWORD 'another'`)
    await postgres.query('GRANT SELECT, INSERT, UPDATE ON listens TO connector')
    playhead = await start()
  })
  after(async () => {
    await playhead?.stop()
    await postgres?.stop()
    await workspace?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function start(): Promise<RunningPlayhead> {
    return await workspace.start({
      CONNECTORS: 'postgres',
      CONNECT_PORT: String(await freePort()),
      POSTGRES_URL: `jdbc:postgresql://127.0.0.1:${postgres.port}/${postgres.database}`,
      POSTGRES_USER: 'connector',
      POSTGRES_PASSWORD: 'the right one',
    })
  }

  const bootstrap = () => workspace.broker.address
  const state = async () => {
    const { systems } = (await (await fetch(`${playhead.url}/api/systems`)).json()) as SystemsAnswer
    return systems.find(({ name }) => name === 'postgres')
  }
  const workerPid = async () =>
    Number(await readFile(join(workspace.directory, 'playhead', 'connect', 'worker.pid'), 'utf8'))
  const rows = async () => (await postgres.query<{ n: string }>('SELECT count(*) AS n FROM listens'))[0]?.n
  const runs = () => until('the connector runs', async () => (await state())?.state === 'running', 120_000)

  /** Waits until PostgreSQL holds every listen of the topic, and compares. */
  async function verdict(since: Set<string>) {
    const all = new Set((await listensOf(bootstrap(), TOPIC)).keys())
    const ids = new Set([...all].map((id) => id.split('/').slice(1).join('/')))
    await until(
      'PostgreSQL has them all',
      async () => Number(await rows().catch(() => 0)) >= ids.size,
      180_000,
    )
    const held = await postgres.query<{ id: string }>(
      `SELECT __connect_partition || '/' || __connect_offset AS id FROM listens WHERE __connect_topic = '${TOPIC}'`,
    )
    const found = compare(
      ids,
      held.map(({ id }) => id),
    )
    return { ...found, events: found.events - since.size }
  }
  const known = async () =>
    new Set(
      (
        await postgres.query<{ id: string }>(
          `SELECT __connect_partition || '/' || __connect_offset AS id FROM listens`,
        )
      ).map(({ id }) => id),
    )

  /** Sends listens while a function runs. @returns their number */
  async function underLoad(happens: () => Promise<void>): Promise<number> {
    let over = false
    let sent = 0
    const sending = (async () => {
      while (!over) {
        await sendRecords(
          bootstrap(),
          Array.from({ length: 100 }, (_, at) => record({ title: `Song ${sent + at}` })),
        )
        sent += 100
        await wait(50)
      }
    })()
    try {
      await happens()
    } finally {
      over = true
      await sending
    }
    return sent
  }

  it('reports a refused login, keeps Playhead ready, and continues when the login is right', async () => {
    await sendRecords(bootstrap(), [
      record({ title: 'Ärger “& Söhne” 🎧', rating: null }),
      record({ title: 'Second', rating: 4.5, timestamp: 1_764_000_000.123 }),
    ])
    const refused = await until(
      'the state reports it',
      async () => {
        const found = await state()
        return found?.state === 'waiting' && found.detail.includes('login') ? found : null
      },
      180_000,
    )
    assert.match(refused.detail, /POSTGRES_USER and POSTGRES_PASSWORD/)
    assert.doesNotMatch(JSON.stringify(refused), /the right one/)
    const readiness = await playhead.readiness()
    assert.equal(readiness.ready, true)
    assert.equal(readiness.systems[0]?.ok, false)
    await postgres.query(`ALTER ROLE connector PASSWORD 'the right one'`)
    await runs()
    assert.deepEqual(
      { ...(await verdict(new Set())), missing: 0, twice: 0 },
      { events: 2, missing: 0, twice: 0 },
    )
    await reportSystem({
      system: 'postgres',
      case: 'wrong password, then right',
      events: 2,
      missing: 0,
      twice: 0,
    })
  })

  it('holds every field as it was sent', async () => {
    const held = await postgres.query(
      `SELECT *, listened_at AT TIME ZONE 'UTC' AS at, extract(epoch FROM listened_at) AS epoch FROM listens ORDER BY title`,
    )
    const sent = event({ title: 'Second', rating: 4.5, timestamp: 1_764_000_000.123 })
    const { location, ...flat } = sent
    const second = held.find(({ title }) => title === 'Second')
    for (const [field, value] of Object.entries({ ...flat, ...location }))
      assert.equal(second?.[field], value, field)
    assert.equal(Number(second?.['epoch']), 1_764_000_000.123)
    const first = held.find(({ title }) => title !== 'Second')
    assert.equal(first?.['title'], 'Ärger “& Söhne” 🎧')
    assert.equal(first?.['rating'], null)
  })

  it('sets aside every kind of invalid record, reports the reason, and continues', async () => {
    const held = await known()
    // A day ahead, so that it is still invalid when the topic is read again.
    const bad = { ...BAD, timestamp_too_late: record({ timestamp: Date.now() / 1000 + 86_400 }).value }
    // As text that could be the bytes of a number, and that could not.
    const texts = ['1834', '4.5'].map((text) => ({ ...event(), listen_position: text }))
    await sendRecords(bootstrap(), [
      ...texts.map((value) => ({
        key: Buffer.from('wrong_type'),
        value: Buffer.from(JSON.stringify(value)),
      })),
      ...Object.entries(bad).map(([reason, value]) => ({ key: Buffer.from(reason), value })),
      record({ title: 'After them' }),
    ])
    const { events, missing, twice } = await verdict(held)
    assert.deepEqual({ events, missing, twice }, { events: 1, missing: 0, twice: 0 })
    const count = Object.keys(bad).length + texts.length
    const letters = await readRecords(bootstrap(), `${TOPIC}.connect.dlq`, count)
    assert.equal(await countRecords(bootstrap(), `${TOPIC}.connect.dlq`), count)
    for (const { key, value, headers } of letters) {
      const reason = String(key) as Reason
      if (reason !== 'wrong_type') assert.deepEqual(value, bad[reason as keyof typeof bad], reason)
      const header = (name: string) =>
        String(headers.find(([found]) => String(found) === `__connect.errors.${name}`)?.[1])
      assert.equal(header('topic'), TOPIC)
      if (header('stage') === 'TRANSFORMATION')
        assert.match(header('exception.stacktrace'), new RegExp(`${SEEN_AS[reason] ?? reason}: `), reason)
    }
    assert.equal((await state())?.state, 'running')
  })

  it('waits and reports it while PostgreSQL is unavailable, and loses and repeats nothing', async () => {
    const before = await known()
    await underLoad(async () => {
      await wait(500)
      await postgres.stop()
      await until(
        'the state reports it',
        async () => /does not answer/.test((await state())?.detail ?? ''),
        60_000,
      )
      await wait(AWAY_MS)
      await postgres.start()
      await runs()
    })
    const found = await verdict(before)
    assert.deepEqual({ missing: found.missing, twice: found.twice }, { missing: 0, twice: 0 })
    await reportSystem({ system: 'postgres', case: `away ${AWAY_MS / 1_000} s under load`, ...found })
  })

  it('loses and repeats nothing when the worker, PostgreSQL and Playhead are killed', async () => {
    const before = await known()
    await underLoad(async () => {
      await wait(500)
      process.kill(await workerPid(), 'SIGKILL')
      await runs()
      await postgres.stop('SIGKILL')
      await postgres.start()
      await runs()
      const orphan = await workerPid()
      await playhead.kill()
      playhead = await start()
      await runs()
      assert.notEqual(await workerPid(), orphan)
      assert.throws(() => process.kill(orphan, 0), 'the worker that was left behind is stopped')
    })
    const found = await verdict(before)
    assert.deepEqual({ missing: found.missing, twice: found.twice }, { missing: 0, twice: 0 })
    await reportSystem({ system: 'postgres', case: 'worker, PostgreSQL and Playhead killed', ...found })
  })

  it('handles a burst of listens', async () => {
    const before = await known()
    const started = performance.now()
    for (let sent = 0; sent < MANY; sent += 5_000)
      await sendRecords(
        bootstrap(),
        Array.from({ length: 5_000 }, (_, at) => record({ title: `Flood ${sent + at}` })),
      )
    const found = await verdict(before)
    const perSecond = found.events / ((performance.now() - started) / 1_000)
    assert.deepEqual({ missing: found.missing, twice: found.twice }, { missing: 0, twice: 0 })
    await reportSystem({ system: 'postgres', case: 'flood', ...found, perSecond })
    await until('no lag is left', async () => (await state())?.lag === 0, 60_000)
  })

  it('answers the page’s questions with the SQL of its guide', async () => {
    const guide = await readFile(new URL('../../docs/outputs.md', import.meta.url), 'utf8')
    const section = guide.slice(
      guide.indexOf('## PostgreSQL'),
      guide.indexOf('\n## ', guide.indexOf('## PostgreSQL') + 5),
    )
    const examples = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql ?? '')
    assert.ok(examples.length >= 4)
    for (const sql of examples) assert.ok((await postgres.query(sql)).length > 0, sql)
    const [totals] = await postgres.query<{ listens: string }>(examples[0] ?? '')
    assert.equal(Number(totals?.listens), (await playhead.totals()).listens)
  })
})
