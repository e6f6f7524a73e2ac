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

/** Points of a run at which a test may end the process. */
export type ArchivePoint = 'planned' | 'half_written' | 'written' | 'verified' | 'committed' | TablePoint

export interface ArchiveOptions {
  /** Whether the hour that is not over is archived too. */
  openHour: boolean
  /** Whether the archive is an Iceberg table too. */
  iceberg?: boolean
  signal: AbortSignal
  /** Milliseconds since 1970; the clock unless said. */
  now?: () => number
  /** Told of each run that counts from now on. */
  onRun?: (run: ArchivedRun) => void
  at?: (point: ArchivePoint) => void
}

export interface ArchiveResult {
  /** All runs of the archive, those of before too. */
  runs: ArchivedRun[]
  /** Listens that were written now. */
  listens: number
  /** Partitions that wait until the pipeline has read again what the store has lost. */
  held: number
}

const MAX_SECONDS = 1_800
/** Readers take up or leave out a row group as a whole; this many rows are some ten megabytes. */
const ROWS_A_GROUP = 200_000

/**
 * Writes to the archive what is stored and not there yet, in as many runs as it takes.
 * @throws Failure ARCHIVE_… that says what to do; what counts in the archive is whole and there once, whatever happened
 */
export async function archiveStored(
  store: Store,
  address: ArchiveAddress,
  { openHour, iceberg = false, signal, now = Date.now, onRun = () => {}, at = () => {} }: ArchiveOptions,
): Promise<ArchiveResult> {
  try {
    const runs = await readRuns(store, address)
    const before = runs.length
    // What was archived when there was no table yet, or it was cut short.
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

/** How many listens runs hold. */
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
  // What a run that was cut short has left of other days is not to stay there.
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
      `Another Playhead writes to the archive ${address.shown}. Let only one do it, or give each an archive of its own.`,
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

/** A file gets its name when it is whole, where there are folders to do that with; elsewhere at once. */
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
  // The engine cannot remove a file, but a file without rows says the same.
  await store.run(
    `INSERT INTO FUNCTION ${address.files(dayFile(run, day), 'Parquet', FILE_STRUCTURE)}
     SETTINGS ${address.settings} SELECT ${AS_IN_FILES} FROM listens AS l WHERE 0`,
    { background: true },
  )
}

/** Reads what was written and compares it with what is stored. */
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
        `What was written to ${dayFile(run, day)} of the archive ${address.shown} is not what is stored, so it does not count. It is written again; if this happens again, look at the disk or server of the archive.`,
      )
  }
}

/** What the file of a day holds. */
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

/** @param source SQL of rows as the files hold them */
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
