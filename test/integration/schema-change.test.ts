import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { listensFor } from '../../src/questions/listen-source.ts'
import { askListens } from '../../src/questions/listens.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const LISTENS = 50_000

describe('a store from before texts were kept in dictionaries', () => {
  let folder: string
  let store: Store

  /** The schema as it was up to a number. */
  async function migrateTo(last: number): Promise<void> {
    await store.run(
      'CREATE TABLE migrations (number UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY number',
    )
    const files = (await readdir(SCHEMA)).sort().filter((name) => Number(name.slice(0, 3)) <= last)
    for (const name of files) {
      const text = await readFile(new URL(name, SCHEMA), 'utf8')
      for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== '') await store.run(statement)
      await store.insert({ table: 'migrations', columns: ['number', 'name'] }, [
        JSON.stringify([Number(name.slice(0, 3)), name]),
      ])
    }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-schema-change-'))
    store = await openEmbeddedStore(join(folder, 'store'))
    await migrateTo(13)
    await store.run(
      `INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, track_id,
         title, artist, genre, platform, city, country, mood, duration_seconds, listen_position, completed, rating, is_skipped)
       SELECT toUUID('00000000-0000-4000-8000-000000000001'), number % 3, intDiv(number, 3), toDateTime64('2026-03-01 00:00:00', 3, 'UTC'),
         toDateTime64('2026-02-01 00:00:00', 3, 'UTC') + intDiv(number, 2), concat('u', toString(number % 700)), 'Ann', '',
         '', concat('Song ', toString(number % 40)), concat('Artist ', toString(number % 9)), 'Pop', 'Spotify', 'Oslo',
         'Norway', 'Calm', 100 + number % 50, number % 100, number % 2, if(number % 5 = 0, toFloat32(4.5), NULL), number % 2 = 0
       FROM numbers(${LISTENS})`,
    )
    await store.run('OPTIMIZE TABLE listens FINAL')
  })

  after(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives the same answers while it is rewritten and after, from rollups again in the end', async () => {
    // In words of their own, because the questions are about the newest schema.
    const expected = {
      totals: await store.rows(
        'SELECT count(), uniqExact(user_id), countIf(is_skipped), countIf(completed), sum(listen_position) FROM listens',
      ),
      songs: await store.rows(
        `SELECT title, artist, count(), sum(listen_position) FROM listens
         GROUP BY title, artist ORDER BY count() DESC, title, artist LIMIT 20`,
      ),
      artists: await store.rows(
        `SELECT artist, count(), sum(listen_position) FROM listens
         GROUP BY artist ORDER BY sum(listen_position) DESC, artist LIMIT 20`,
      ),
      heard: await store.rows(
        `SELECT kafka_partition, kafka_offset, percent_listened FROM listens WHERE user_id = 'u7'
         ORDER BY percent_listened DESC, listened_at DESC, kafka_partition DESC, kafka_offset DESC LIMIT 100`,
      ),
      rated: await store.rows(
        `SELECT kafka_partition, kafka_offset, rating FROM listens WHERE title = 'Song 3'
         ORDER BY coalesce(rating, -1), listened_at, kafka_partition, kafka_offset LIMIT 100`,
      ),
    }
    const listens = listensFor(store, EVERYONE)
    const asked = async () => {
      const totals = await askTotals(listens, {})
      const songs = await askTop(listens, { by: 'song' })
      const artists = await askTop(listens, { by: 'artist', order_by: 'time' })
      const heard = await askListens(listens, { sort: 'percent_listened', order: 'desc', user: ['u7'] })
      const rated = await askListens(listens, { sort: 'rating', order: 'asc', title: ['Song 3'] })
      return {
        totals: [
          [totals.listens, totals.listeners, totals.skipped, totals.completed, totals.seconds_listened],
        ],
        songs: songs.values.map((one) => [one.value, one.label, one.listens, one.seconds_listened]),
        artists: artists.values.map((one) => [one.value, one.listens, one.seconds_listened]),
        heard: heard.listens.map((one) => [one.partition, one.offset, one.percent_listened]),
        rated: rated.listens.map((one) => [one.partition, one.offset, one.rating]),
      }
    }
    assert.deepEqual((await migrate(store)).at(0), 14)
    assert.deepEqual(await asked(), expected)
    await until('the parts are rewritten', async () => {
      const [row] = await store.rows<[number]>(
        'SELECT count() FROM system.mutations WHERE database = currentDatabase() AND NOT is_done',
      )
      return row?.[0] === 0
    })
    assert.deepEqual(await asked(), expected)
    const plan = await store.rows(
      `EXPLAIN SELECT artist, title, count() FROM listens WHERE toStartOfDay(listened_at) >= '2026-01-01' GROUP BY artist, title`,
    )
    assert.match(JSON.stringify(plan), /songs_by_day/)
    assert.deepEqual(await migrate(store), [])
  })
})
