import { Failure } from '../../runtime/failure.ts'
import { insertAbsentOffsets } from '../../store/absent-offsets.ts'
import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { measure, written } from './archive.ts'
import { AS_IN_FILES, FILE_STRUCTURE, TABLE_COLUMNS } from './columns.ts'
import { type ArchiveEnds, archiveEnds, inRanges } from './due.ts'
import { archiveFailure } from './failure.ts'
import { readingOf } from './files.ts'
import { type ArchivedDay, type ArchivedRun, dayFile, readRuns, runFile } from './manifest.ts'
import { quoted } from './quoted.ts'

export interface RestoreOptions {
  signal: AbortSignal
  /** Called for each restored run, with the number of runs. */
  onRun?: (run: number, of: number) => void
}

/** Contents of one partition day, in the archive and in the store. */
export interface Comparison {
  archived: ArchivedDay
  restored: ArchivedDay | null
  agrees: boolean
}

const MAX_SECONDS = 1_800
const BACKGROUND = { maxSeconds: MAX_SECONDS, background: true }

/**
 * Fills an empty store from an archive, or continues an interrupted restore.
 * @returns archive and store compared per day and partition; null if stopped
 * @throws Failure STORE_NOT_EMPTY, ARCHIVE_EMPTY, and ARCHIVE_… as archiving
 */
export async function restoreArchive(
  store: Store,
  address: ArchiveAddress,
  { signal, onRun = () => {} }: RestoreOptions,
): Promise<Comparison[] | null> {
  try {
    const runs = await readRuns(store, address)
    if (written(runs) === 0)
      throw new Failure('ARCHIVE_EMPTY', `The archive ${address.shown} is empty. Check its address.`)
    await begin(store, address)
    const present = await storedEnds(store)
    for (const run of runs) {
      if (signal.aborted) return null
      await restoreRun(store, address, run, present)
      onRun(run.run, runs.length)
    }
    await restoreSongs(store)
    const compared = await compare(store, runs)
    if (compared.every(({ agrees }) => agrees)) await mark(store, address, true)
    return compared
  } catch (error) {
    throw archiveFailure(error, address)
  }
}

async function begin(store: Store, address: ArchiveAddress): Promise<void> {
  const [last] = await store.rows<[string, boolean]>(
    'SELECT archive, ended FROM restores ORDER BY at DESC LIMIT 1',
  )
  if (last !== undefined && last[0] === address.shown && !last[1]) return
  const [[rows] = [0]] = await store.rows<[number]>(
    'SELECT (SELECT count() FROM listens) + (SELECT count() FROM dead_letters) + (SELECT count() FROM dropped_listens)',
  )
  if (rows > 0)
    throw new Failure(
      'STORE_NOT_EMPTY',
      'The store is not empty. Restore into a new store: set PLAYHEAD_DATA to another folder, or CLICKHOUSE_URL to another database.',
    )
  await mark(store, address, false)
}

function mark(store: Store, { shown }: ArchiveAddress, ended: boolean): Promise<void> {
  return store.insert({ table: 'restores', columns: ['archive', 'ended'] }, [JSON.stringify([shown, ended])])
}

async function storedEnds(store: Store): Promise<ArchiveEnds> {
  const rows = await store.rows<[string, number, number]>(
    'SELECT toString(topic_id), kafka_partition, max(kafka_offset) + 1 FROM listens GROUP BY topic_id, kafka_partition',
  )
  return archiveEnds([
    { ranges: rows.map(([topic_id, partition, to]) => ({ topic_id, partition, from: 0, to })) },
  ])
}

async function restoreRun(
  store: Store,
  address: ArchiveAddress,
  { run, ranges, contents }: ArchivedRun,
  present: ArchiveEnds,
): Promise<void> {
  const touched = ranges.some(
    ({ topic_id, partition, from }) => (present.get(topic_id)?.get(partition) ?? 0) > from,
  )
  const days = [...new Set(contents.map(({ day }) => day))]
  for (const day of days) {
    const file = address.files(dayFile(run, day), 'Parquet', FILE_STRUCTURE)
    // An interrupted INSERT may have left rows: an INSERT of this size is several parts.
    const missing = touched
      ? `WHERE (topic_id, kafka_partition, kafka_offset) NOT IN (
           SELECT toString(l.topic_id), toInt32(l.kafka_partition), toInt64(l.kafka_offset) FROM listens AS l
           WHERE ${inRanges(ranges)} AND toString(toDate(l.stored_at, 'UTC')) = ${quoted(day)})`
      : ''
    const columns = TABLE_COLUMNS.join(', ')
    await store.run(
      `INSERT INTO listens (${columns}) SETTINGS max_execution_time = ${MAX_SECONDS}, max_threads = 2, max_insert_threads = 1${address.reading === undefined ? '' : `, ${address.reading}`}
       SELECT ${columns} FROM ${file} ${missing}`,
      { background: true },
    )
  }
  await noteOthers(store, address, run, ranges, days)
}

/**
 * Records archived offsets without a listen as absent, so that the pipeline does not look for them in
 * the topic: they were dead-lettered or absent when the run was written.
 */
async function noteOthers(
  store: Store,
  address: ArchiveAddress,
  run: number,
  ranges: ArchivedRun['ranges'],
  days: readonly string[],
): Promise<void> {
  const folder = days.length === 1 ? days[0] : `{${days.join(',')}}`
  const file = address.files(`day=${folder}/${runFile(run)}`, 'Parquet', FILE_STRUCTURE)
  const edges = ranges.flatMap(({ topic_id, partition, from, to }) => [
    `(${quoted(topic_id)}, ${Number(partition)}, ${Number(from)}, ${Number(from)}, 1)`,
    `(${quoted(topic_id)}, ${Number(partition)}, ${Number(to)}, ${Number(to)}, 0)`,
  ])
  const listens =
    days.length === 0
      ? ''
      : `UNION ALL SELECT topic_id, kafka_partition, kafka_offset, kafka_offset + 1, 0 FROM ${file}`
  const rows = await store.rows<[string, number, number, number]>(
    `SELECT topic_id, partition, reached, first FROM (
       SELECT topic_id, partition, first, edge, max(end) OVER (PARTITION BY topic_id, partition ORDER BY first, edge DESC
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
       FROM (SELECT * FROM values('topic_id String, partition Int32, first Int64, end Int64, edge UInt8', ${edges.join(', ')})
         ${listens}))
     WHERE first > reached AND edge = 0`,
    { ...BACKGROUND, ...readingOf(address) },
  )
  for (const topicId of new Set(rows.map(([id]) => id)))
    await insertAbsentOffsets(
      store,
      topicId,
      rows.flatMap(([id, partition, from, to]) => (id === topicId ? [{ partition, from, to }] : [])),
    )
}

/** Restores songs from their listens; an archive does not contain songs without listens. */
async function restoreSongs(store: Store): Promise<void> {
  await store.run(
    `INSERT INTO songs (title, artist, genre, added_at)
     SELECT title, artist, argMin(genre, stored_at), min(stored_at) FROM listens
     WHERE (title, artist) NOT IN (SELECT title, artist FROM songs) GROUP BY title, artist`,
    { background: true },
  )
}

async function compare(store: Store, runs: readonly ArchivedRun[]): Promise<Comparison[]> {
  const restored = new Map(
    (await measure(store, `SELECT ${AS_IN_FILES} FROM listens AS l`)).map((one) => [keyOf(one), one]),
  )
  return [...summed(runs).values()].map((archived) => {
    const found = restored.get(keyOf(archived)) ?? null
    return { archived, restored: found, agrees: JSON.stringify(found) === JSON.stringify(archived) }
  })
}

const keyOf = ({ day, topic_id, partition }: ArchivedDay) => `${day} ${topic_id} ${partition}`

/** Combines days of several runs, in order. */
function summed(runs: readonly ArchivedRun[]): Map<string, ArchivedDay> {
  const sums = new Map<string, ArchivedDay>()
  for (const one of runs.flatMap(({ contents }) => contents)) {
    const sum = sums.get(keyOf(one))
    sums.set(keyOf(one), sum === undefined ? { ...one } : plus(sum, one))
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function plus(a: ArchivedDay, b: ArchivedDay): ArchivedDay {
  return {
    ...a,
    listens: a.listens + b.listens,
    heard_ms: a.heard_ms + b.heard_ms,
    checksum: BigInt.asUintN(64, BigInt(a.checksum) + BigInt(b.checksum)).toString(),
    first_listened_at: Math.min(a.first_listened_at, b.first_listened_at),
    last_listened_at: Math.max(a.last_listened_at, b.last_listened_at),
  }
}
