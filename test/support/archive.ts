import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FIELDS } from '../../src/listen/fields.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { EXTRA_NAMES, EXTRA_VALUES } from './extras.ts'
import { spawnPlayhead } from './playhead.ts'

/** A script: see there. */
export const CRASHING_ARCHIVE = fileURLToPath(new URL('crashing-archive.ts', import.meta.url))
export const TOPIC_ID = '00000000-0000-4000-8000-00000000000a'

/** Listens with consecutive offsets in one partition. */
export interface Stretch {
  topicId?: string
  partition: number
  from: number
  count: number
  /** Time of storing by the store's clock, such as `2026-03-01 12:00:00`. */
  storedAt: string
}

/** Stores listens as the pipeline does: text in many scripts, no ratings, and SQL in values. */
export async function storeStretch(
  store: Store,
  { topicId = TOPIC_ID, partition, from, count, storedAt }: Stretch,
): Promise<void> {
  await store.run(
    `INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, track_id,
       title, artist, genre, platform, city, country, mood, duration_seconds, listen_position, completed, rating,
       is_skipped, once_key${EXTRA_NAMES})
     SELECT '${topicId}', ${partition}, ${from} + number, toDateTime64('${storedAt}', 3, 'UTC'),
       toDateTime64('${storedAt}', 3, 'UTC') - toIntervalMillisecond(cityHash64(number, ${partition}) % 7200000),
       concat('user-', toString(number % 5000)), ['Ann', 'Žofie', '山田', 'O\\'Neil'][number % 4 + 1], '', toString(number),
       ['Levels', 'Ночь', '🎧 \\\\ "x"', 'Song\\'; DROP TABLE listens --'][number % 4 + 1],
       concat('Artist ', toString(number % 90)), ['Pop', 'Jazz', 'Lo-fi'][number % 3 + 1],
       ['Spotify', 'Tidal'][number % 2 + 1], 'São Paulo', 'Brazil', ['Happy', 'Calm'][number % 2 + 1],
       200 + number % 100 / 8, number % 201 / 2, number % 3 = 0, if(number % 4 = 0, NULL, number % 11 / 2),
       number % 3 != 0, if(number % 50 = 0, concat('key-', toString(${from} + number), '-${partition}'), '')${EXTRA_VALUES}
     FROM numbers(${count})`,
  )
}

/**
 * Opens the embedded store of a data directory, calls a function with it and closes it. A process
 * can have only one such store open.
 */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const path = join(dataDir, 'store')
  await mkdir(path, { recursive: true })
  const store = await openEmbeddedStore(path)
  try {
    await migrate(store)
    return await use(store)
  } finally {
    await store.close()
  }
}

const PLACE = [
  'toString(topic_id)',
  'toInt32(kafka_partition)',
  'toInt64(kafka_offset)',
  'stored_at',
  'once_key',
]
const VALUES = FIELDS.map(({ column, kind, path }) => {
  if (path === 'rating') return 'ifNull(rating, -1)'
  return kind === 'text' ? `CAST(${column} AS String)` : column
})

/** Fingerprint of the table of listens: the number of rows and a sum of hashes over all columns. */
export const FINGERPRINT = `count(), toString(sum(cityHash64(${[...PLACE, ...VALUES].join(', ')})))`

export async function fingerprint(store: Store): Promise<[number, string]> {
  const [row] = await store.rows<[number, string]>(`SELECT ${FINGERPRINT} FROM listens`)
  return row ?? [0, '']
}

/**
 * Archives, and kills the servers of the archive at a point of a run. @returns how the archiver
 * ended
 */
export async function archiveWhileKilling(
  servers: readonly number[],
  point: string,
  { dataDir, to, env }: { dataDir: string; to: string; env: Record<string, string> },
): Promise<Ended> {
  const child = spawn(process.execPath, [CRASHING_ARCHIVE, dataDir, to, point, '0', servers.join()], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** Exit code and output of a command. */
export interface Ended {
  code: number | null
  output: string
}

/** Runs a Playhead command until it ends. */
export async function runPlayhead(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const child = spawnPlayhead(args, env)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}
