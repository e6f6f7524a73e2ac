import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetMetadata } from 'hyparquet'
import { EXTRA_FIELDS, type Field } from '../../src/listen/fields.ts'
import { CRASHING_ARCHIVE, fingerprint, runPlayhead, storeStretch, withStore } from '../support/archive.ts'
import { EXTRA_NAMES } from '../support/extras.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { reportSystem } from '../support/systems-report.ts'

describe('an archive in a folder', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-archive-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  it('holds every listen of past hours once, by day of storing', async () => {
    const data = join(directory, 'first')
    const archive = join(directory, "ar'chive")
    await withStore(data, async (store) => {
      await storeStretch(store, { partition: 0, from: 0, count: 3000, storedAt: '2026-03-01 12:00:00' })
      await storeStretch(store, { partition: 1, from: 0, count: 2000, storedAt: '2026-03-01 23:59:59.999' })
      await storeStretch(store, { partition: 1, from: 2000, count: 500, storedAt: '2026-03-02 00:00:00' })
      const now = new Date().toISOString().slice(0, 19).replace('T', ' ')
      await storeStretch(store, { partition: 0, from: 3000, count: 100, storedAt: now })
    })
    const first = await archiveTo(data, archive)
    assert.match(first.output, /5,500 listens archived/)
    assert.deepEqual((await readdir(archive)).filter((name) => name.startsWith('day=')).sort(), [
      'day=2026-03-01',
      'day=2026-03-02',
    ])
    const again = await archiveTo(data, archive)
    assert.match(again.output, /^0 listens archived/m)
    const open = await archiveTo(data, archive, '--open-hour')
    assert.match(open.output, /^100 listens archived/m)

    const stored = await withStore(data, (store) =>
      store.rows(`SELECT ${READ} FROM listens ORDER BY 1, 2`, { maxSeconds: 60 }),
    )
    const read = await duckdb(
      `SELECT ${READ_BY_DUCKDB} FROM read_parquet('${archive.replaceAll("'", "''")}/day=*/*.parquet', hive_partitioning = true) ORDER BY 1, 2`,
    )
    assert.deepEqual(read, stored)
  })

  it('is compressed with Zstandard, in row groups that readers can skip', async () => {
    const data = join(directory, 'groups')
    const archive = join(directory, 'groups-archive')
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 450_000, storedAt: '2026-03-01 12:00:00' }),
    )
    await archiveTo(data, archive)
    const file = await readFile(join(archive, 'day=2026-03-01', '00000001.parquet'))
    const { row_groups: groups } = parquetMetadata(new Uint8Array(file).buffer)
    const rows = groups.map(({ num_rows }) => Number(num_rows))
    assert.equal(
      rows.reduce((sum, count) => sum + count, 0),
      450_000,
    )
    assert.ok(groups.length >= 2 && Math.max(...rows) <= 262_144, `${rows}`)
    for (const { columns } of groups)
      for (const { meta_data: meta } of columns) {
        assert.equal(meta?.codec, 'ZSTD')
        const name = meta?.path_in_schema.join('.')
        if (name === 'listened_at') assert.ok(meta?.statistics?.min_value !== undefined)
      }
  })

  for (const point of ['planned', 'half_written', 'written', 'verified', 'committed'])
    it(`has no incomplete files and no duplicates when it is killed ${point}`, async () => {
      const data = join(directory, `crash-${point}`)
      const archive = join(directory, `crash-${point}-archive`)
      await withStore(data, async (store) => {
        await storeStretch(store, { partition: 0, from: 0, count: 1000, storedAt: '2026-03-01 12:00:00' })
        await storeStretch(store, { partition: 0, from: 1000, count: 1000, storedAt: '2026-03-02 12:00:00' })
      })
      assert.equal(await crash(data, archive, point), 'SIGKILL')
      await withStore(data, (store) =>
        storeStretch(store, { partition: 0, from: 2000, count: 500, storedAt: '2026-03-03 12:00:00' }),
      )
      await archiveTo(data, archive)
      const [[rows, places]] = (await duckdb(
        `SELECT count(*)::DOUBLE, count(DISTINCT (topic_id, kafka_partition, kafka_offset))::DOUBLE FROM ${files(archive)}`,
      )) as [[number, number]]
      assert.deepEqual([rows, places], [2500, 2500])
      await restoreFrom(archive, `${data}-restored`)
      assert.deepEqual(await withStore(`${data}-restored`, fingerprint), await withStore(data, fingerprint))
      await reportSystem({
        system: 'archive',
        case: `killed ${point}`,
        events: 2500,
        missing: 2500 - places,
        twice: rows - places,
      })
    })

  it('keeps nothing of an interrupted run that a newer store writes with other days', async () => {
    const archive = join(directory, 'stale-archive')
    const [old, young] = [join(directory, 'stale'), join(directory, 'stale-young')]
    await withStore(old, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 100, storedAt: '2026-03-01 12:00:00' }),
    )
    await crash(old, archive, 'verified')
    await withStore(young, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 100, storedAt: '2026-03-05 12:00:00' }),
    )
    await archiveTo(young, archive)
    assert.deepEqual(
      await duckdb(`SELECT DISTINCT day::VARCHAR, count(*)::DOUBLE FROM ${files(archive)} GROUP BY 1`),
      [['2026-03-05', 100]],
    )
  })

  it('archives listens that are stored late, after the clock was set back, or after the store lost them', async () => {
    const data = join(directory, 'clocks')
    const archive = join(directory, 'clocks-archive')
    await withStore(data, async (store) => {
      await storeStretch(store, { partition: 0, from: 0, count: 100, storedAt: '2026-03-01 12:00:00' })
      // The listens in between were lost, and the pipeline has not read them again yet.
      await storeStretch(store, { partition: 0, from: 150, count: 100, storedAt: '2026-03-01 13:00:00' })
    })
    const first = await archiveTo(data, archive)
    assert.match(first.output, /^100 listens archived/m)
    assert.match(first.output, /1 partitions wait until/)
    await withStore(data, async (store) => {
      await storeStretch(store, { partition: 0, from: 100, count: 50, storedAt: '2026-03-04 09:00:00' })
      await storeStretch(store, { partition: 0, from: 250, count: 70, storedAt: '2026-02-01 00:00:00' })
    })
    assert.match((await archiveTo(data, archive)).output, /^220 listens archived/m)
    await restoreFrom(archive, `${data}-restored`)
    assert.deepEqual(await withStore(`${data}-restored`, fingerprint), await withStore(data, fingerprint))
  })

  it('restores completely after a restore was killed, and refuses a store that is not empty', async () => {
    const data = join(directory, 'cut')
    const archive = join(directory, 'cut-archive')
    for (const run of [0, 1, 2, 3]) {
      await withStore(data, (store) =>
        storeStretch(store, {
          partition: 0,
          from: run * 50_000,
          count: 50_000,
          storedAt: `2026-03-0${run + 1} 12:00:00`,
        }),
      )
      await archiveTo(data, archive)
    }
    const young = join(directory, 'cut-young')
    for (const line of ['Run 1 of 4', 'Run 3 of 4']) {
      const child = spawnPlayhead(['restore', '--from', archive], { PLAYHEAD_DATA: young })
      const ended = once(child, 'exit')
      child.stderr?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes(line)) child.kill('SIGKILL')
      })
      await ended
    }
    const restored = await restoreFrom(archive, young)
    assert.match(restored.output, /200,000 listens restored .* agree for all 4 partition days/)
    assert.deepEqual(await withStore(young, fingerprint), await withStore(data, fingerprint))
    const refused = await runPlayhead(['restore', '--from', archive], { PLAYHEAD_DATA: young })
    assert.equal(refused.code, 1)
    assert.match(refused.output, /STORE_NOT_EMPTY/)
  })

  it('says what to do when it cannot be written, is empty or has an invalid address', async () => {
    const data = join(directory, 'refusals')
    const attempt = async (command: string, flag: string, value: string) =>
      (
        await runPlayhead([command, flag, value, ...(command === 'archive' ? ['--once'] : [])], {
          PLAYHEAD_DATA: data,
        })
      ).output
    await withStore(data, (store) =>
      storeStretch(store, { partition: 0, from: 0, count: 1, storedAt: '2026-03-01 12:00:00' }),
    )
    assert.match(await attempt('archive', '--to', '/proc/none'), /ARCHIVE_NOT_ALLOWED/)
    assert.match(await attempt('archive', '--to', 'ftp://host/path'), /BAD_SETTING/)
    assert.match(await attempt('archive', '--to', 'day=*'), /BAD_SETTING/)
    assert.match(await attempt('restore', '--from', join(directory, 'nothing')), /ARCHIVE_EMPTY/)
  })
})

/** Archives until it is killed at a point. @returns the signal that ended it */
async function crash(data: string, archive: string, point: string): Promise<string | null> {
  const child = spawn(process.execPath, [CRASHING_ARCHIVE, data, archive, point], { stdio: 'ignore' })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

const files = (archive: string) =>
  `read_parquet('${archive.replaceAll("'", "''")}/day=*/*.parquet', hive_partitioning = true)`

async function restoreFrom(archive: string, data: string) {
  const ended = await runPlayhead(['restore', '--from', archive], { PLAYHEAD_DATA: data })
  assert.equal(ended.code, 0, ended.output)
  return ended
}

/** All columns as text or numbers that two engines write in the same way. */
const READ = `kafka_partition, kafka_offset, toString(topic_id), toUnixTimestamp64Milli(stored_at), toUnixTimestamp64Milli(listened_at),
  user_id, name, email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
  round(percent_listened, 1), completed, rating, is_skipped, once_key, toString(toDate(stored_at))${EXTRA_FIELDS.map(({ column }: Field) => `, nullIf(${column}, '')`).join('')}`
const READ_BY_DUCKDB = `kafka_partition, kafka_offset::DOUBLE, topic_id, epoch_ms(stored_at)::DOUBLE, epoch_ms(listened_at)::DOUBLE,
  user_id, name, email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
  round(percent_listened::DOUBLE, 1), completed, rating, is_skipped, once_key, day::VARCHAR${EXTRA_NAMES}`

async function duckdb(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect()
  const rows = await (await connection.runAndReadAll(sql)).getRowsJson()
  connection.closeSync()
  return rows
}

async function archiveTo(data: string, archive: string, ...flags: string[]) {
  const ended = await runPlayhead(['archive', '--to', archive, '--once', ...flags], { PLAYHEAD_DATA: data })
  assert.equal(ended.code, 0, ended.output)
  return ended
}
