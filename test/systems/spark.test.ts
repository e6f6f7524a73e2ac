import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { CRASHING_ARCHIVE, runPlayhead } from '../support/archive.ts'
import { AWKWARD } from '../support/awkward-listens.ts'
import { record } from '../support/event.ts'
import { startHdfs } from '../support/hdfs.ts'
import { countRecords, sendRecords } from '../support/kafka.ts'
import { knownListens } from '../support/known-listens.ts'
import { type Answers, askAll, readOut, rounded } from '../support/listening-answers.ts'
import { pythonWithSpark, runListening } from '../support/pyspark.ts'
import { reportSystem } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

/** Ranges and zones, as the API and as the job takes them; in the second the clock changes, the third cuts days. */
const RANGES = {
  all: { query: '', args: [] },
  spring: {
    query: 'from=2026-03-28&to=2026-03-31&zone=Europe/Berlin',
    args: ['--from', '2026-03-28', '--to', '2026-03-31', '--zone', 'Europe/Berlin'],
  },
  cut: {
    query: 'from=2026-10-03T10:17:00.250Z&to=2026-11-01T05:01:00Z&zone=Australia/Lord_Howe',
    args: [
      '--from',
      '2026-10-03T10:17:00.250Z',
      '--to',
      '2026-11-01T05:01:00Z',
      '--zone',
      'Australia/Lord_Howe',
    ],
  },
} as const

const KNOWN = 900
const SIMULATED = 5_000

describe('Spark reads an archive', () => {
  let workspace: Workspace
  let python: string
  let archive: string
  /** Answers by range, for the listens of the first run and for all. */
  const expected: Record<string, Answers>[] = []

  before(async () => {
    python = await pythonWithSpark()
    workspace = await openWorkspace()
    archive = join(workspace.directory, 'an archive [1]')
    await store(() =>
      sendRecords(workspace.broker.address, [...AWKWARD, ...knownListens(KNOWN, 11).map(record)]),
    )
    const ended = await runPlayhead(['archive', '--to', archive, '--once', '--open-hour'], {
      PLAYHEAD_DATA: data(),
    })
    assert.equal(ended.code, 0, ended.output)
    await store(async () => {
      const flags = ['--seed', '7', '--count', String(SIMULATED), '--no-live', '--listeners', '300']
      const played = await runPlayhead(['simulate', ...flags, '--from', '2026-03-28', '--to', '2026-03-30'], {
        KAFKA_BROKERS: workspace.broker.address,
        PLAYHEAD_DATA: join(workspace.directory, 'simulator'),
      })
      assert.equal(played.code, 0, played.output)
    })
    // The second run writes its files, and is killed before they count.
    const [, signal] = await once(
      spawn(process.execPath, [CRASHING_ARCHIVE, data(), archive, 'verified']),
      'exit',
    )
    assert.equal(signal, 'SIGKILL')
  })
  after(() => workspace.close())

  const data = () => join(workspace.directory, 'playhead')
  const first = () => expected[0] ?? {}
  const all = () => expected[1] ?? {}

  /**
   * Runs Playhead to store and answer everything, then stops it so that the archive can open its
   * store.
   */
  async function store(send: () => Promise<unknown>): Promise<void> {
    const playhead = await workspace.start()
    await send()
    const sent = await countRecords(workspace.broker.address)
    await until('they are stored', async () => (await playhead.totals()).listens === sent)
    expected.push(
      Object.fromEntries(
        await Promise.all(
          Object.entries(RANGES).map(async ([name, { query }]) => [name, await askAll(playhead, query)]),
        ),
      ),
    )
    await playhead.stop()
  }

  async function agrees(
    name: keyof typeof RANGES,
    answers: Answers | undefined,
    { address = archive, on = 'a folder' } = {},
  ): Promise<void> {
    assert.ok(answers)
    const out = join(workspace.directory, `out-${name}-${on}-${answers.totals.listens}`)
    const ended = await runListening(python, [address, ...RANGES[name].args, '--out', out])
    assert.equal(ended.code, 0, ended.output)
    const found = await readOut(out)
    assert.deepEqual(rounded(found), rounded(answers))
    await reportSystem({
      system: 'spark',
      case: `all figures of ${on}, ${name}`,
      events: answers.totals.listens,
      missing: Math.max(0, answers.totals.listens - found.totals.listens),
      twice: Math.max(0, found.totals.listens - answers.totals.listens),
    })
  }

  it('skips the files of an interrupted run without a manifest or with an incomplete one', async () => {
    await agrees('all', first()['all'])
    const manifest = join(archive, '_archive', '00000002.json')
    await writeFile(manifest, '{"format":1,"run":2,"written_at":"2026')
    await agrees('spring', first()['spring'])
  })

  it('agrees with the dashboard in all figures, whatever the range and zone', async () => {
    const ended = await runPlayhead(['archive', '--to', archive, '--once', '--open-hour'], {
      PLAYHEAD_DATA: data(),
    })
    assert.equal(ended.code, 0, ended.output)
    assert.equal(all()['all']?.totals.listens, AWKWARD.length + KNOWN + SIMULATED)
    for (const name of Object.keys(RANGES) as (keyof typeof RANGES)[]) await agrees(name, all()[name])
  })

  it('reads HDFS, and reports a missing permission or an unavailable HDFS', async () => {
    const hdfs = await startHdfs(join(workspace.directory, 'hdfs'))
    try {
      await hdfs.shell('-mkdir', '/listens')
      await hdfs.shell('-chown', 'listener', '/listens')
      const at = (user: string) => hdfs.address.replace('//', `//${user}@`).concat('/listens/all')
      const ended = await runPlayhead(['archive', '--to', at('listener'), '--once', '--open-hour'], {
        PLAYHEAD_DATA: data(),
        ARCHIVE_HDFS_HTTP: hdfs.http,
      })
      assert.equal(ended.code, 0, ended.output)
      await agrees('spring', all()['spring'], { address: at('listener'), on: 'HDFS' })
      await hdfs.shell('-chmod', '-R', 'go-rwx', '/listens/all')
      const refused = await runListening(python, [at('stranger')])
      assert.match(refused.output, /^ARCHIVE_NOT_ALLOWED: .*Grant/m)
      await hdfs.kill()
      const away = await runListening(python, [at('listener')])
      assert.match(away.output, /^ARCHIVE_UNREACHABLE: .*Start it/m)
    } finally {
      await hdfs.kill()
    }
  })

  it('says what is wrong and what to do, and leaves no partial answers', async () => {
    const out = join(workspace.directory, 'out-none')
    const refused = async (code: RegExp, args: readonly string[], env: Record<string, string> = {}) => {
      const ended = await runListening(python, ['--out', out, ...args], env)
      assert.equal(ended.code, 1, ended.output)
      assert.match(ended.output, code)
      assert.ok(!ended.output.includes('Traceback'), ended.output)
    }
    const damaged = join(workspace.directory, 'damaged')
    await refused(/^ARCHIVE_NOT_FOUND: .*npx playhead archive --to/m, [damaged])
    await refused(/^JAVA_MISSING: .*Install Java/m, [archive], { JAVA_HOME: '/nowhere' })
    await refused(/^BAD_ZONE: /m, [archive, '--zone', 'Mars/Olympus'])
    await refused(/^ARCHIVE_EMPTY: /m, [workspace.directory])
    await cp(archive, damaged, { recursive: true })
    const days = await readdir(damaged)
    const file = join(damaged, days.find((name) => name.startsWith('day=')) ?? '', '00000001.parquet')
    await truncate(file, 5_000)
    await refused(/^ARCHIVE_BROKEN: .*00000001\.parquet/m, [damaged])
    await rm(file)
    await refused(/^ARCHIVE_BROKEN: .*00000001\.parquet/m, [damaged])
    await rm(join(damaged, '_archive', '00000001.json'))
    await refused(/^ARCHIVE_BROKEN: .*00000001\.json/m, [damaged])
    await refused(/^OUT_NOT_EMPTY: /m, [archive, '--out', workspace.directory])
    assert.deepEqual(
      (await readdir(workspace.directory)).filter((name) => name.startsWith('out-none')),
      [],
    )
    const help = await runListening(python, ['--help'])
    assert.equal(help.code, 0)
    assert.match(help.output, /--from DAY/)
  })

  it('writes cells that no spreadsheet executes, and prints no terminal control characters', async () => {
    const range = ['--from', '2026-03-29T01:30:00Z', '--to', '2026-03-29T01:30:00.001Z']
    const out = join(workspace.directory, 'out-cells')
    const ended = await runListening(python, [archive, ...range, '--top', '1000', '--out', out])
    assert.equal(ended.code, 0, ended.output)
    assert.ok(!ended.output.includes('\u001b') && ended.output.includes('\\u001b[31mred\\u202e'))
    const songs = [
      [`'=HYPERLINK("http://x","y")`, `'+1, "quoted"`],
      ['-5', `'@cmd`],
      ['  Ночь 🎧\n山田 ', "O'Neil\\"],
      ['\u001b[31mred\u202e', 'null'],
    ]
    const cells = await duckdb(
      `SELECT value, label FROM read_csv('${out}/songs.csv', all_varchar = true, header = true, quote = '"', escape = '"')`,
    )
    for (const song of songs)
      assert.ok(
        cells.some((cell) => isDeepStrictEqual(cell, song)),
        `${song} in ${cells}`,
      )
    const plain = await duckdb(`SELECT value, label FROM read_parquet('${out}/songs.parquet')`)
    for (const song of songs.map((texts) => texts.map((text) => text.replace(/^'/, ''))))
      assert.ok(
        plain.some((cell) => isDeepStrictEqual(cell, song)),
        `${song} in ${plain}`,
      )
  })
})

async function duckdb(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect()
  const rows = await (await connection.runAndReadAll(sql)).getRowsJson()
  connection.closeSync()
  return rows
}
