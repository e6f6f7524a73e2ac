import { randomUUID } from 'node:crypto'
import { Failure } from '../../runtime/failure.ts'
import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { AS_IN_FILES, FILE_STRUCTURE, MEASURE, MEASURED_BY } from './columns.ts'
import { archiveEnds, askDue, type Due, inRanges } from './due.ts'
import { archiveFailure } from './failure.ts'
import { fileSizes, readingOf } from './files.ts'
import { publishTable, type TablePoint } from './iceberg/table.ts'
import {
  type ArchivedDay,
  type ArchivedRun,
  dayFile,
  readPlan,
  readRuns,
  runFile,
  writeManifest,
  writePlan,
} from './manifest.ts'

/** Points of a run at which a test may kill the process. */
export type ArchivePoint = 'planned' | 'half_written' | 'written' | 'verified' | 'committed' | TablePoint

export interface ArchiveOptions {
  /** Whether to include the current hour. */
  openHour: boolean
  /** Whether to publish an Iceberg table. */
  iceberg?: boolean
  signal: AbortSignal
  /** Milliseconds since 1970; the clock if not set. */
  now?: () => number
  /** Called for each run that now counts. */
  onRun?: (run: ArchivedRun) => void
  at?: (point: ArchivePoint) => void
}

export interface ArchiveResult {
  /** All runs of the archive, including earlier ones. */
  runs: ArchivedRun[]
  /** Listens written by this call. */
  listens: number
  /** Partitions that wait until the pipeline has read lost rows again. */
  held: number
}

const MAX_SECONDS = 1_800
/** Rows per row group, about ten megabytes. Readers read or skip a row group as a whole. */
const ROWS_A_GROUP = 200_000

/**
 * Archives all stored listens that are not in the archive yet, in as many runs as needed.
 * @throws Failure ARCHIVE_…; the archive stays consistent
 */
export async function archiveStored(
  store: Store,
  address: ArchiveAddress,
  { openHour, iceberg = false, signal, now = Date.now, onRun = () => {}, at = () => {} }: ArchiveOptions,
): Promise<ArchiveResult> {
  try {
    const runs = await readRuns(store, address)
    const before = runs.length
    // Publish runs from before there was a table, or from before a crash.
    if (iceberg) await publishTable(store, address, runs, at)
    for (;;) {
      if (signal.aborted) return { runs, listens: written(runs.slice(before)), held: 0 }
      const due = await askDue(store, archiveEnds(runs), { now: now(), openHour })
      if (due === null || due.ranges.length === 0)
        return { runs, listens: written(runs.slice(before)), held: due?.held ?? 0 }
      const run = await writeRun(store, address, runs.length + 1, due, at)
      runs.push(run)
      onRun(run)
      at('committed')
      if (iceberg) await publishTable(store, address, runs, at)
      if (!due.more) return { runs, listens: written(runs.slice(before)), held: due.held }
    }
  } catch (error) {
    throw archiveFailure(error, address)
  }
}

/** Number of listens in runs. */
export function written(runs: readonly ArchivedRun[]): number {
  return runs.reduce((sum, { contents }) => sum + contents.reduce((all, { listens }) => all + listens, 0), 0)
}

async function writeRun(
  store: Store,
  address: ArchiveAddress,
  number: number,
  due: Due,
  at: (point: ArchivePoint) => void,
): Promise<ArchivedRun> {
  const source = `FROM listens AS l WHERE ${inRanges(due.ranges)}
    AND l.stored_at >= fromUnixTimestamp64Milli(${due.firstStored}) AND l.stored_at <= fromUnixTimestamp64Milli(${due.lastStored})`
  const contents = await measure(store, `SELECT ${AS_IN_FILES} ${source}`)
  const days = [...new Set(contents.map(({ day }) => day))]
  const writer = randomUUID()
  const earlier = await readPlan(store, address, number)
  // Remove files of other days that an interrupted attempt has left.
  const stale = (earlier?.days ?? []).filter((day) => !days.includes(day))
  await writePlan(store, address, { run: number, writer, days: [...days, ...stale] })
  at('planned')
  for (const day of stale) await emptyFile(store, address, number, day)
  for (const day of days) {
    await writeDay(store, address, number, day, source)
    at('half_written')
  }
  at('written')
  for (const day of days) await publish(address, number, day)
  await verify(store, address, number, days, contents)
  at('verified')
  const plan = await readPlan(store, address, number)
  if (plan?.writer !== writer)
    throw new Failure(
      'ARCHIVE_IN_USE',
      `Another Playhead writes to the archive ${address.shown}. Stop one of them, or set another archive.`,
    )
  const bytes: Record<string, number> = {}
  for (const day of days) {
    const path = dayFile(number, day)
    bytes[day] = (await fileSizes(store, address, path)).get(path) ?? 0
  }
  const run: ArchivedRun = {
    format: 1,
    run: number,
    written_at: new Date().toISOString(),
    ranges: due.ranges,
    contents,
    bytes,
  }
  await writeManifest(store, address, run)
  return run
}

const INCOMING = '_incoming'

/** With folders, a file is renamed when it is complete; otherwise it gets its name at once. */
function placeOf({ folders }: ArchiveAddress, run: number, day: string): string {
  return folders === null ? dayFile(run, day) : `${INCOMING}/${day}-${runFile(run)}`
}

async function writeDay(store: Store, address: ArchiveAddress, run: number, day: string, source: string) {
  const file = address.files(placeOf(address, run, day), 'Parquet', FILE_STRUCTURE)
  await address.folders?.make(INCOMING)
  await store.run(
    `INSERT INTO FUNCTION ${file}
     SETTINGS ${address.settings}, output_format_parquet_compression_method = 'zstd',
       output_format_parquet_row_group_size = ${ROWS_A_GROUP}, max_execution_time = ${MAX_SECONDS}, max_threads = 2
     SELECT ${AS_IN_FILES} ${source} AND toString(toDate(l.stored_at, 'UTC')) = '${day}'
     ORDER BY l.listened_at, l.topic_id, l.kafka_partition, l.kafka_offset`,
    { background: true },
  )
}

async function publish(address: ArchiveAddress, run: number, day: string): Promise<void> {
  await address.folders?.move(placeOf(address, run, day), dayFile(run, day))
}

async function emptyFile(store: Store, address: ArchiveAddress, run: number, day: string): Promise<void> {
  if (address.folders !== null) {
    for (const path of [dayFile(run, day), placeOf(address, run, day)]) await address.folders.remove(path)
    return
  }
  // The engine cannot remove a file, so replace it by a file without rows.
  await store.run(
    `INSERT INTO FUNCTION ${address.files(dayFile(run, day), 'Parquet', FILE_STRUCTURE)}
     SETTINGS ${address.settings} SELECT ${AS_IN_FILES} FROM listens AS l WHERE 0`,
    { background: true },
  )
}

/** Reads the written files and compares them with the store. */
async function verify(
  store: Store,
  address: ArchiveAddress,
  run: number,
  days: readonly string[],
  expected: readonly ArchivedDay[],
): Promise<void> {
  for (const day of days) {
    const found = await measureFile(store, address, run, day)
    const wanted = expected.filter((one) => one.day === day)
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      throw new Failure(
        'ARCHIVE_NOT_AS_STORED',
        `The file ${dayFile(run, day)} of the archive ${address.shown} differs from the store, so it does not count and is written again. If this repeats, check the disk or server of the archive.`,
      )
  }
}

/** Measures the file of a day. */
export function measureFile(
  store: Store,
  address: ArchiveAddress,
  run: number,
  day: string,
): Promise<ArchivedDay[]> {
  return measure(
    store,
    `SELECT * FROM ${address.files(dayFile(run, day), 'Parquet', FILE_STRUCTURE)}`,
    readingOf(address),
  )
}

type MeasuredRow = [string, string, number, number, number, string, number, number]

/** @param source SQL of rows in the format of the files */
export async function measure(
  store: Store,
  source: string,
  reading: { settings?: string } = {},
): Promise<ArchivedDay[]> {
  const rows = await store.rows<MeasuredRow>(`SELECT ${MEASURE} FROM (${source}) ${MEASURED_BY}`, {
    maxSeconds: MAX_SECONDS,
    background: true,
    ...reading,
  })
  return rows.map(([day, topic_id, partition, listens, heard_ms, checksum, first, last]) => ({
    day,
    topic_id,
    partition,
    listens,
    heard_ms,
    checksum,
    first_listened_at: first,
    last_listened_at: last,
  }))
}
