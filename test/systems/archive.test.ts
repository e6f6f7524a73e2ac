import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetMetadata } from 'hyparquet'
import { fingerprint, runPlayhead, storeStretch, TOPIC_ID, withStore } from '../support/archive.ts'

describe('an archive in a folder', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-archive-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  it('holds every listen of the hours that are over once, by day of storing', async () => {
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

  it('is compressed with Zstandard, in row groups that readers can leave out', async () => {
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
})

/** All columns as text or numbers that two engines write alike. */
const READ = `kafka_partition, kafka_offset, toString(topic_id), toUnixTimestamp64Milli(stored_at), toUnixTimestamp64Milli(listened_at),
  user_id, name, email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
  round(percent_listened, 1), completed, rating, is_skipped, once_key, toString(toDate(stored_at))`
const READ_BY_DUCKDB = `kafka_partition, kafka_offset::DOUBLE, topic_id, epoch_ms(stored_at)::DOUBLE, epoch_ms(listened_at)::DOUBLE,
  user_id, name, email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
  round(percent_listened::DOUBLE, 1), completed, rating, is_skipped, once_key, day::VARCHAR`

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
