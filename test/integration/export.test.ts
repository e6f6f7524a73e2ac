import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import type { ListenEvent } from '../../src/listen/listen.ts'
import type { StoredListen } from '../../src/listen/stored.ts'
import { parseCsv } from '../support/csv.ts'
import { record } from '../support/event.ts'
import { extrasOf } from '../support/extras.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { sendRecords } from '../support/kafka.ts'
import { knownListens } from '../support/known-listens.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'exported'
/** More than one page of the store and more than one row group. */
const EVENTS = knownListens(30_000, 11)
const NASTY = [
  '=1+1',
  '+SUM(A1)',
  '-2',
  '@cmd',
  '\tTab',
  'a "quoted", text',
  'two\r\nlines',
  "O'Brien",
  '🎧 ünï',
  '',
]
for (const [at, listen] of EVENTS.entries()) listen.title = `${NASTY[at % NASTY.length]}#${at}`

/** A row as every format should give it, told by hand. */
function rowOf(listen: ListenEvent) {
  const { user_id, name, email, track_id, title, artist, genre, platform, location, mood } = listen
  const { duration_seconds, listen_position, completed, rating, is_skipped } = listen
  return {
    ...{ user_id, name, email, track_id, title, artist, genre },
    ...{
      timestamp: Math.round(listen.timestamp * 1000),
      platform,
      city: location.city,
      country: location.country,
    },
    ...{ mood, duration_seconds, listen_position },
    ...{ completed, rating, is_skipped },
    ...extrasOf(listen),
  }
}
type Row = ReturnType<typeof rowOf>

/** To a tenth, a half of which may go either way. */
function assertPercent(percent: number, share: number): void {
  assert.ok(Math.abs(percent - 100 * share) < 0.051, `${percent} % of ${share}`)
}

const byTitle = (rows: readonly Row[]) => [...rows].sort((a, b) => (a.title < b.title ? -1 : 1))
/** Row by row, so that a failure shows one row and not all. */
function sameRows(actual: readonly Row[], expected: readonly Row[]): void {
  assert.equal(actual.length, expected.length)
  const [found, wanted] = [byTitle(actual), byTitle(expected)]
  for (const [at, row] of found.entries()) assert.deepEqual(row, wanted[at])
}
const newestFirst = (rows: readonly Row[]) =>
  rows.every((row, at) => at === 0 || row.timestamp <= (rows[at - 1]?.timestamp ?? 0))

function fromJsonLines(text: string): Row[] {
  assert.ok(text.endsWith('\n'))
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => rowOf(JSON.parse(line) as StoredListen))
}

function fromCsv(text: string): Row[] {
  const [names = [], ...lines] = parseCsv(text)
  return lines.map((cells) => {
    assert.equal(cells.length, names.length)
    const { id, ...row } = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
    assert.ok(id)
    const {
      title = '',
      timestamp,
      duration_seconds,
      listen_position,
      percent_listened: percent,
      completed,
      rating,
      is_skipped,
      ...rest
    } = row
    assertPercent(Number(percent), Number(listen_position) / Number(duration_seconds))
    const formula = /^'[=+\-@\t\r]/.test(title)
    assert.ok(!/^[=+\-@\t\r]/.test(title), `a formula: ${title}`)
    return {
      ...rest,
      title: formula ? title.slice(1) : title,
      timestamp: Math.round(Number(timestamp) * 1000),
      duration_seconds: Number(duration_seconds),
      listen_position: Number(listen_position),
      completed: completed === 'true',
      rating: rating === '' ? null : Number(rating),
      is_skipped: is_skipped === 'true',
    } as Row
  })
}

const decompress = (input: Uint8Array) => zstdDecompressSync(input)

async function fromParquet(file: ArrayBuffer): Promise<Row[]> {
  const rows = await parquetReadObjects({ file, compressors: { ZSTD: decompress } })
  return rows.map(({ id, timestamp, percent_listened, ...row }) => {
    assert.ok(id)
    assertPercent(percent_listened, row['listen_position'] / row['duration_seconds'])
    assert.ok(timestamp instanceof Date)
    return { ...row, timestamp: timestamp.getTime() } as Row
  })
}

describe('the export', () => {
  let workspace: Workspace
  let fleet: Fleet
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    fleet = await openFleet(workspace.directory, workspace.broker.address, TOPIC)
    playhead = await workspace.start({ KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: fleet.url })
    for (let from = 0; from < EVENTS.length; from += 5_000)
      await sendRecords(workspace.broker.address, EVENTS.slice(from, from + 5_000).map(record), TOPIC)
    await until('all are stored', async () => (await fleet.countStored()) === EVENTS.length)
  })
  after(async () => {
    await workspace.close()
    await fleet.close()
  })

  async function exported(query: string): Promise<Response> {
    const answer = await fetch(`${playhead.url}/api/export?${query}`)
    assert.equal(answer.status, 200)
    return answer
  }

  it('is every listen as CSV, row by row, with no cell that a spreadsheet would run', async () => {
    const answer = await exported('format=csv')
    assert.equal(answer.headers.get('x-total-count'), String(EVENTS.length))
    assert.match(
      answer.headers.get('content-disposition') ?? '',
      /attachment; filename="playhead-listens\.csv"/,
    )
    const rows = fromCsv(await answer.text())
    assert.ok(newestFirst(rows))
    sameRows(rows, EVENTS.map(rowOf))
  })

  it('is every listen as JSON Lines, and as Parquet in several row groups with types', async () => {
    sameRows(fromJsonLines(await (await exported('format=jsonl')).text()), EVENTS.map(rowOf))
    const file = await (await exported('format=parquet')).arrayBuffer()
    const { row_groups, schema } = parquetMetadata(file)
    assert.ok(row_groups.length > 1)
    const typeOf = (column: string) => {
      const { type, converted_type, repetition_type } = schema.find(({ name }) => name === column) ?? {}
      return [type, converted_type, repetition_type]
    }
    assert.deepEqual(typeOf('timestamp'), ['INT64', 'TIMESTAMP_MILLIS', 'REQUIRED'])
    assert.deepEqual(typeOf('rating'), ['DOUBLE', undefined, 'OPTIONAL'])
    assert.deepEqual(typeOf('title'), ['BYTE_ARRAY', 'UTF8', 'REQUIRED'])
    const rows = await fromParquet(file)
    assert.ok(newestFirst(rows))
    sameRows(rows, EVENTS.map(rowOf))
  })

  it('follows the filters, and is a whole file where they leave nothing', async () => {
    const expected = EVENTS.filter(({ genre, rating }) => genre === 'Jazz' && rating === null).map(rowOf)
    const filters = 'genre=Jazz&rating=none'
    sameRows(fromCsv(await (await exported(`format=csv&${filters}`)).text()), expected)
    sameRows(await fromParquet(await (await exported(`format=parquet&${filters}`)).arrayBuffer()), expected)
    const none = await exported('format=parquet&artist=Nobody')
    assert.equal(none.headers.get('x-total-count'), '0')
    assert.deepEqual(await fromParquet(await none.arrayBuffer()), [])
    assert.equal(parseCsv(await (await exported('format=csv&artist=Nobody')).text()).length, 1)
  })

  it('is refused with a code where a parameter is wrong', async () => {
    for (const query of ['format=xlsx', 'from=yesterday', 'limit=3', 'zone=Mars']) {
      const answer = await fetch(`${playhead.url}/api/export?${query}`)
      assert.deepEqual([answer.status, (await answer.json()).error.code], [400, 'invalid_parameter'], query)
    }
  })

  /** Reads the beginning of an export and then no more. */
  async function begin(query: string): Promise<IncomingMessage> {
    const asked = get(`${playhead.url}/api/export?${query}`)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    assert.equal(answer.statusCode, 200)
    await once(answer, 'readable')
    assert.ok(answer.read() !== null)
    return answer
  }

  it('leaves out what is stored while it runs', async () => {
    const answer = await begin('format=jsonl')
    const late = knownListens(5, 12).map((listen, at) => ({
      ...listen,
      title: `late ${at}`,
      artist: 'Late',
      timestamp: 1_770_000_000,
    }))
    await sendRecords(workspace.broker.address, late.map(record), TOPIC)
    await until('they are stored', async () => (await playhead.totals('artist=Late')).listens === late.length)
    let text = ''
    answer.setEncoding('utf8')
    for await (const chunk of answer) text += chunk
    assert.ok(!text.includes('"late '))
    assert.equal(answer.headers['x-total-count'], String(EVENTS.length))
  })

  it('is written by the command as a whole file, or as none', async () => {
    const folder = join(workspace.directory, 'files')
    await mkdir(folder)
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['src/main.ts', 'export', '--url', playhead.url, ...args], {
        encoding: 'utf8',
      })
    const out = join(folder, 'listens.parquet')
    const { status, stderr } = run('--format', 'parquet', '--filter', 'genre=Jazz', '--out', out)
    assert.equal(status, 0, stderr)
    assert.deepEqual(await readdir(folder), ['listens.parquet'])
    const file = new Uint8Array(await readFile(out)).buffer
    sameRows(
      await fromParquet(file),
      [...EVENTS.filter(({ genre }) => genre === 'Jazz')].map(rowOf).concat((await lateJazz()).map(rowOf)),
    )
    const refused = run('--format', 'xlsx')
    assert.match(refused.stderr, /BAD_SETTING: --format must be one of csv, jsonl, parquet\./)
  })
  const lateJazz = async () => (await playhead.listens('artist=Late&genre=Jazz')).listens

  it('breaks off where the store goes away, so that nobody takes a part for the whole', async () => {
    const answer = await begin('format=jsonl')
    const restart = await fleet.killStore()
    let failure: unknown
    answer.on('error', (error) => {
      failure = error
    })
    const closed = new Promise((resolve) => answer.on('close', resolve))
    answer.resume()
    await closed
    assert.equal(answer.complete, false)
    assert.match(String(failure), /aborted/)
    await restart()
    await until('the store is back', async () => (await playhead.totals()).listens > 0)
  })
})
