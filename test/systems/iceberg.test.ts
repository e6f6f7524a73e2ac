import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { archiveAddress } from '../../src/outputs/archive/address.ts'
import { archiveStored } from '../../src/outputs/archive/archive.ts'
import { FIELDS } from '../../src/outputs/archive/iceberg/schema.ts'
import { freePort } from '../../src/runtime/port.ts'
import { readConfig } from '../../src/settings/config.ts'
import { CRASHING_ARCHIVE, runPlayhead, storeStretch, withStore } from '../support/archive.ts'
import { AWKWARD } from '../support/awkward-listens.ts'
import { record } from '../support/event.ts'
import { duckdbReader, sparkReader, type TableReader } from '../support/iceberg-readers.ts'
import { countRecords, sendRecords } from '../support/kafka.ts'
import { knownListens } from '../support/known-listens.ts'
import { type Answers, askAll, rounded } from '../support/listening-answers.ts'
import { S3_KEYS, startS3Server } from '../support/s3-server.ts'
import { reportSystem } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const KNOWN = 900
const SIMULATED = 5_000
/** A time zone with days that cut files: most files hold listens of two days. */
const RANGE = { from: '2026-03-28T10:17:00.250Z', to: '2026-10-05T05:00:00Z' }

/** What Playhead says of the listens that are stored. */
interface Known {
  answers: Answers
  inRange: Answers
  /** Every column of every listen, by partition and offset. */
  rows: Record<string, unknown>[]
}

describe('an archive is an Iceberg table', () => {
  let workspace: Workspace
  let archive: string
  let readers: TableReader[]
  /** After the first run, and after the second. */
  const known: Known[] = []

  before(async () => {
    readers = [await duckdbReader(), await sparkReader()]
    workspace = await openWorkspace()
    archive = join(workspace.directory, 'an archive [1]')
    await store(() =>
      sendRecords(workspace.broker.address, [...AWKWARD, ...knownListens(KNOWN, 11).map(record)]),
    )
    await archiveAll()
  })
  after(() => workspace.close())

  const data = () => join(workspace.directory, 'playhead')
  const knownOf = (snapshot: number) => {
    const found = known[snapshot - 1]
    assert.ok(found, `there is no snapshot ${snapshot}`)
    return found
  }

  /** Runs Playhead to store and answer, then stops it so that the archive can open its store. */
  async function store(send: () => Promise<unknown>): Promise<void> {
    const playhead = await workspace.start()
    await send()
    const sent = await countRecords(workspace.broker.address)
    await until('they are stored', async () => (await playhead.totals()).listens === sent)
    const answers = await askAll(playhead, '')
    const inRange = await askAll(playhead, `from=${RANGE.from}&to=${RANGE.to}`)
    await playhead.stop()
    const names = FIELDS.map(({ name }) => name)
    const rows = await withStore(data(), (store) =>
      store.rows<unknown[]>(`SELECT ${STORED} FROM listens ORDER BY kafka_partition, kafka_offset`),
    )
    known.push({
      answers,
      inRange,
      rows: rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value]))),
    })
  }

  async function archiveAll(): Promise<void> {
    const ended = await runPlayhead(['archive', '--to', archive, '--once', '--open-hour'], {
      PLAYHEAD_DATA: data(),
      ARCHIVE_ICEBERG: 'on',
    })
    assert.equal(ended.code, 0, ended.output)
  }

  /** Checks that a reader's table agrees with Playhead as of the archive run. */
  async function agrees(reader: TableReader, snapshot: number, name: string) {
    const { answers, inRange, rows } = knownOf(snapshot)
    // Uses the latest snapshot: all listens of the second run were stored after it.
    const stored = Math.max(...knownOf(1).rows.map(({ stored_at }) => Number(stored_at)))
    const later = `stored_at > ${reader.time(new Date(stored).toISOString())}`
    const heard = `listened_at >= ${reader.time(RANGE.from)} AND listened_at < ${reader.time(RANGE.to)}`
    const sql = [
      allColumns(reader),
      ...questions(reader, 'true'),
      ...questions(reader, heard),
      `SELECT count(*) AS listens FROM listens WHERE ${later}`,
    ]
    const reading = await reader.read(
      archive,
      sql.map((sql) => ({ sql })),
    )
    const [all = [], ...counted] = reading.answers
    assert.deepEqual(all, rows)
    const half = questions(reader, '').length
    assert.deepEqual(rounded(asAnswers(counted.slice(0, half))), rounded(sameOf(answers)))
    assert.deepEqual(rounded(asAnswers(counted.slice(half, 2 * half))), rounded(sameOf(inRange)))
    assert.deepEqual(counted.at(-1), [{ listens: rows.length - knownOf(1).rows.length }])
    assert.deepEqual(
      reading.types,
      FIELDS.map(({ name, type }) => [name, reader.types[type]]),
    )
    const places = new Set(
      all.map((row) => `${row['topic_id']} ${row['kafka_partition']} ${row['kafka_offset']}`),
    )
    await reportSystem({
      system: 'iceberg',
      case: `${reader.name}: ${name}`,
      events: rows.length,
      missing: rows.length - places.size,
      twice: all.length - places.size,
    })
    return reading
  }

  it('in which DuckDB and Spark find every column of every listen, and count as the dashboard does', async () => {
    for (const reader of readers) {
      const { snapshots } = await agrees(reader, 1, 'a run')
      assert.deepEqual(
        snapshots.map(([id]) => id),
        [1],
      )
    }
  })

  it('that is unchanged when Playhead is killed while it publishes a run, and complete after the next run', async () => {
    await store(async () => {
      const flags = ['--seed', '7', '--count', String(SIMULATED), '--no-live', '--listeners', '300']
      const played = await runPlayhead(['simulate', ...flags, '--from', '2026-03-28', '--to', '2026-03-30'], {
        KAFKA_BROKERS: workspace.broker.address,
        PLAYHEAD_DATA: join(workspace.directory, 'simulator'),
      })
      assert.equal(played.code, 0, played.output)
    })
    assert.equal(knownOf(2).rows.length, AWKWARD.length + KNOWN + SIMULATED)
    await crash('table_listed')
    for (const reader of readers) await agrees(reader, 1, 'killed when the run was listed')
    await crash('table_described')
    // Spark looks for versions after the one that the hint names, and what is described is whole.
    for (const reader of readers)
      await agrees(reader, reader.name === 'Spark' ? 2 : 1, 'killed when the run was described')
    await archiveAll()
    for (const reader of readers) {
      const { snapshots } = await agrees(reader, 2, 'the run after')
      assert.deepEqual(
        snapshots.map(([id]) => id),
        [1, 2],
      )
    }
    assert.deepEqual(await readdir(join(archive, '_incoming')), [])
  })

  it('in which readers go back to an earlier run, by its number or by time', async () => {
    const [duckdb] = readers
    assert.ok(duckdb)
    const [, [, secondAt] = [0, 0]] = (await duckdb.read(archive, [])).snapshots
    const [first, second] = [knownOf(1).rows, knownOf(2).rows]
    for (const reader of readers) {
      const { answers } = await reader.read(archive, [
        { sql: allColumns(reader), snapshot: 1 },
        { sql: COUNT, asOf: secondAt - 1 },
        { sql: COUNT, asOf: secondAt + 1 },
      ])
      assert.deepEqual(answers, [first, [{ listens: first.length }], [{ listens: second.length }]])
      await reportSystem({
        system: 'iceberg',
        case: `${reader.name}: back to the first run`,
        events: first.length,
        missing: 0,
        twice: 0,
      })
    }
  })

  async function crash(point: string): Promise<void> {
    const child = spawn(process.execPath, [CRASHING_ARCHIVE, data(), archive, point], { stdio: 'ignore' })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    assert.equal(signal, 'SIGKILL')
  }

  /** Stores two days with three listens per run, and archives them. */
  async function archiveRuns(name: string, archive: string, runs: number, tableFrom = 1): Promise<void> {
    const access = readConfig({}).archiveAccess
    const address = archiveAddress(archive, 'ARCHIVE', { access, embedded: true })
    const signal = new AbortController().signal
    await withStore(join(workspace.directory, name), async (store) => {
      for (let run = 1; run <= runs; run++) {
        for (const [partition, day] of [2 * run, 2 * run + 1].entries())
          await storeStretch(store, { partition, from: (run - 1) * 3, count: 3, storedAt: dayOf(day) })
        await archiveStored(store, address, { openHour: true, iceberg: run >= tableFrom, signal })
      }
    })
  }

  it('that keeps a hundred snapshots and includes runs from before it was a table', async () => {
    const archive = join(workspace.directory, 'long archive')
    const runs = 105
    await archiveRuns('long', archive, runs, 4)
    const [duckdb] = readers
    assert.ok(duckdb)
    const oldest = runs - 99
    const { snapshots, answers } = await duckdb.read(archive, [
      { sql: COUNT },
      { sql: `SELECT count(DISTINCT (kafka_partition, kafka_offset)) AS listens FROM listens` },
      { sql: COUNT, snapshot: oldest },
      { sql: `${COUNT} WHERE stored_at < ${duckdb.time(`${dayOf(8)}Z`)}` },
    ])
    assert.deepEqual(
      answers.map(([row]) => row?.['listens']),
      [runs * 6, runs * 6, oldest * 6, 3 * 6],
    )
    assert.deepEqual(
      snapshots.map(([id]) => id),
      Array.from({ length: 100 }, (_, at) => oldest + at),
    )
    const files = await readdir(join(archive, 'metadata'))
    for (const kind of [/^v\d+\.metadata\.json$/, /^snap-\d+\.avro$/])
      assert.equal(files.filter((name) => kind.test(name)).length, 100)
  })

  it('that is rebuilt in a folder that held another archive', async () => {
    const archive = join(workspace.directory, 'second archive')
    for (const [name, runs] of [
      ['longer', 3],
      ['shorter', 2],
      ['as long', 2],
    ] as const) {
      await archiveRuns(name, archive, runs)
      // Only where there were higher numbers can it be more than the hint that leads a reader astray; Spark is slow to start.
      for (const reader of name === 'shorter' ? readers : readers.slice(0, 1)) {
        const { answers, snapshots } = await reader.read(archive, [
          { sql: COUNT },
          { sql: COUNT, snapshot: 1 },
        ])
        assert.deepEqual(answers, [[{ listens: runs * 6 }], [{ listens: 6 }]], `${reader.name}, ${name}`)
        assert.equal(snapshots.length, runs)
      }
      for (const folder of await readdir(archive))
        if (folder !== 'metadata') await rm(join(archive, folder), { recursive: true })
    }
  })

  it('that moves with the archive at the next run', async () => {
    const [from, to] = [join(workspace.directory, 'here'), join(workspace.directory, 'there')]
    await archiveRuns('moved', from, 2)
    await rename(from, to)
    const ended = await runPlayhead(['archive', '--to', to, '--once'], {
      PLAYHEAD_DATA: join(workspace.directory, 'moved'),
      ARCHIVE_ICEBERG: 'on',
    })
    assert.equal(ended.code, 0, ended.output)
    const [duckdb] = readers
    assert.deepEqual((await duckdb?.read(to, [{ sql: COUNT }]))?.answers, [[{ listens: 12 }]])
  })

  it('on S3 too', async () => {
    const folder = join(workspace.directory, 's3')
    await mkdir(join(folder, 'listens'), { recursive: true })
    const port = await freePort()
    const server = await startS3Server(folder, port)
    try {
      const ended = await runPlayhead(['archive', '--to', 's3://listens/all', '--once', '--open-hour'], {
        PLAYHEAD_DATA: data(),
        ARCHIVE_ICEBERG: 'on',
        ARCHIVE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
        ARCHIVE_ACCESS_KEY: S3_KEYS.accessKey,
        ARCHIVE_SECRET_KEY: S3_KEYS.secretKey,
      })
      assert.equal(ended.code, 0, ended.output)
      const duckdb = await duckdbReader({
        S3_ENDPOINT: `127.0.0.1:${port}`,
        S3_ACCESS_KEY: S3_KEYS.accessKey,
        S3_SECRET_KEY: S3_KEYS.secretKey,
      })
      const { rows } = knownOf(known.length)
      const { answers } = await duckdb.read('s3://listens/all', [{ sql: allColumns(duckdb) }])
      assert.deepEqual(answers, [rows])
      await reportSystem({
        system: 'iceberg',
        case: 'DuckDB: on S3',
        events: rows.length,
        missing: 0,
        twice: 0,
      })
    } finally {
      await server.kill()
    }
  })
})

const COUNT = 'SELECT count(*) AS listens FROM listens'

/** The columns of the table in the store as the archive has them; times in milliseconds since 1970. */
const STORED = FIELDS.map(({ name, type, required }) => {
  if (type === 'string' && !required) return `nullIf(${name}, '')`
  if (type === 'timestamptz') return `toUnixTimestamp64Milli(${name})`
  if (name === 'topic_id') return 'toString(topic_id)'
  // Other engines print all digits of a float.
  return type === 'float' ? `toFloat64(${name})` : name
}).join(', ')

function allColumns({ millis }: TableReader): string {
  const columns = FIELDS.map(({ name, type }) =>
    type === 'timestamptz' ? `${millis(name)} AS ${name}` : name,
  )
  return `SELECT ${columns.join(', ')} FROM listens ORDER BY kafka_partition, kafka_offset`
}

const HEARD = `count(*) AS listens, coalesce(sum(listen_position), 0) AS seconds_listened,
  count(*) FILTER (WHERE completed) AS completed, count(*) FILTER (WHERE is_skipped) AS skipped`

/** Some questions of the dashboard, in SQL that all readers support. */
function questions({ millis }: TableReader, where: string): string[] {
  return [
    `SELECT count(DISTINCT user_id) AS listeners, ${HEARD} FROM listens WHERE ${where}`,
    `SELECT cast(floor(${millis('listened_at')} / 86400000) AS INT) AS day, ${HEARD} FROM listens WHERE ${where} GROUP BY 1 ORDER BY 1`,
    `SELECT genre AS value, '' AS label, ${HEARD} FROM listens WHERE ${where} GROUP BY genre ORDER BY listens DESC, value`,
    `SELECT title AS value, artist AS label, ${HEARD} FROM listens WHERE ${where} GROUP BY title, artist ORDER BY listens DESC, value, label LIMIT 1000`,
    `SELECT rating, count(*) AS listens FROM listens WHERE ${where} GROUP BY rating ORDER BY rating NULLS LAST`,
  ]
}

/** Answers from a table, in the shape of the API's answers. */
function asAnswers([totals = [], days = [], genres, songs, ratings]: Record<string, unknown>[][]) {
  return {
    totals: totals[0],
    days: days.map(({ day, ...heard }) => ({
      day: new Date(Number(day) * 86_400_000).toISOString().slice(0, 10),
      ...heard,
    })),
    genres,
    songs,
    ratings,
  }
}

/** The API's answers to {@link questions}. */
function sameOf({ totals, days, tops, ratings }: Answers) {
  return { totals, days, genres: tops['genres'], songs: tops['songs'], ratings }
}

/** A time on the nth day of 2026, by the store's clock. */
function dayOf(day: number): string {
  return new Date(Date.UTC(2026, 0, day, 12)).toISOString().slice(0, 19).replace('T', ' ')
}
