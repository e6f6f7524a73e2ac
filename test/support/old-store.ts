import { readdir, readFile } from 'node:fs/promises'
import { listensFor } from '../../src/questions/listen-source.ts'
import { askListens } from '../../src/questions/listens.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import type { Store } from '../../src/store/store.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)

/** Numbers of all schema versions, oldest first. */
export async function schemaNumbers(): Promise<number[]> {
  return (await schemaFiles()).map(([number]) => number)
}

async function schemaFiles(): Promise<[number, string][]> {
  const names = (await readdir(SCHEMA)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name) => [Number(name.slice(0, 3)), name])
}

/** Creates the tables of a Playhead with this schema in an empty database. */
export async function makeSchema(store: Store, newest: number): Promise<void> {
  await store.run(
    'CREATE TABLE migrations (number UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY number',
  )
  for (const [number, name] of await schemaFiles()) {
    if (number > newest) continue
    const text = await readFile(new URL(name, SCHEMA), 'utf8')
    for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== '') await store.run(statement)
    await store.insert({ table: 'migrations', columns: ['number', 'name'] }, [JSON.stringify([number, name])])
  }
}

/** Fills the listens of any schema: 3 partitions, 40 songs, 700 listeners. */
export async function fillListens(store: Store, count: number): Promise<void> {
  await store.run(
    `INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, track_id,
       title, artist, genre, platform, city, country, mood, duration_seconds, listen_position, completed, rating, is_skipped)
     SELECT toUUID('00000000-0000-4000-8000-000000000001'), number % 3, intDiv(number, 3), toDateTime64('2026-03-01 00:00:00', 3, 'UTC'),
       toDateTime64('2026-02-01 00:00:00', 3, 'UTC') + intDiv(number, 2), concat('u', toString(number % 700)), 'Ann', '',
       '', concat('Song ', toString(number % 40)), concat('Artist ', toString(number % 9)), 'Pop', 'Spotify', 'Oslo',
       'Norway', 'Calm', 100 + number % 50, number % 100, number % 2, if(number % 5 = 0, toFloat32(4.5), NULL), number % 2 = 0
     FROM numbers(${count})`,
  )
}

/** Answers of this version's questions. */
export async function answersOf(store: Store) {
  const listens = listensFor(store, EVERYONE)
  const totals = await askTotals(listens, {})
  const songs = await askTop(listens, { by: 'song' })
  const artists = await askTop(listens, { by: 'artist', order_by: 'time' })
  const heard = await askListens(listens, { sort: 'percent_listened', order: 'desc', user: ['u7'] })
  const rated = await askListens(listens, { sort: 'rating', order: 'asc', title: ['Song 3'] })
  return {
    totals: [[totals.listens, totals.listeners, totals.skipped, totals.completed, totals.seconds_listened]],
    songs: songs.values.map((one) => [one.value, one.label, one.listens, one.seconds_listened]),
    artists: artists.values.map((one) => [one.value, one.listens, one.seconds_listened]),
    heard: heard.listens.map((one) => [one.partition, one.offset, one.percent_listened]),
    rated: rated.listens.map((one) => [one.partition, one.offset, one.rating]),
  }
}

/** The same answers from the rows alone, in SQL that is valid for every schema. */
export async function answersOfRows(store: Store) {
  return {
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
}
