import { Failure } from '../../runtime/failure.ts'
import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { readTexts, writeText } from './files.ts'

/** Offsets of one partition, from `from` to `to`, excluded. All were handled when archived. */
export interface ArchivedRange {
  topic_id: string
  partition: number
  from: number
  to: number
}

/** Contents of a run's file of one day of storing (UTC), for one partition. */
export interface ArchivedDay {
  day: string
  topic_id: string
  partition: number
  listens: number
  /** Sum of milliseconds listened. */
  heard_ms: number
  /** Sum of the hashes of all rows, modulo 2^64. */
  checksum: string
  /** Milliseconds since 1970. */
  first_listened_at: number
  last_listened_at: number
}

/** One run: its offsets, and the measured contents of its files. */
export interface ArchivedRun {
  format: 1
  run: number
  written_at: string
  ranges: ArchivedRange[]
  contents: ArchivedDay[]
  /** Bytes of the file of each day; missing in older archives. */
  bytes?: Record<string, number>
}

/** What a run is about to write, so that the next run after a crash knows which files may exist. */
export interface RunPlan {
  run: number
  /** Identifies the writer, to detect concurrent ones. */
  writer: string
  days: string[]
}

/** Spark and others skip names that begin with an underscore. */
const FOLDER = '_archive'

const numbered = (run: number) => String(run).padStart(8, '0')
const manifestPath = (run: number) => `${FOLDER}/${numbered(run)}.json`
const planPath = (run: number) => `${FOLDER}/${numbered(run)}.plan`

/** Name of a run's file of one day; the same for each attempt of the run. */
export function runFile(run: number): string {
  return `${numbered(run)}.parquet`
}

/** Path of a run's file of one day, below the archive. */
export function dayFile(run: number, day: string): string {
  return `day=${day}/${runFile(run)}`
}

/**
 * Reads the runs that count, which have a complete manifest, in order.
 * @throws Failure ARCHIVE_TOO_NEW, or ARCHIVE_BROKEN if a run before the last has no valid manifest
 */
export async function readRuns(store: Store, address: ArchiveAddress): Promise<ArchivedRun[]> {
  const texts = await readTexts(store, address, `${FOLDER}/*.json`)
  const runs: ArchivedRun[] = []
  texts.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [at, [file, text]] of texts.entries()) {
    const run = parsed<ArchivedRun>(text)
    // Only the last manifest can be incomplete after a crash; then its run does not count.
    if (run === null && at === texts.length - 1) break
    if (run !== null && run.format !== 1)
      throw new Failure(
        'ARCHIVE_TOO_NEW',
        `The archive ${address.shown} was written by a newer Playhead. Update this one.`,
      )
    if (run === null || run.run !== at + 1)
      throw new Failure(
        'ARCHIVE_BROKEN',
        `In the archive ${address.shown} the manifest ${manifestPath(at + 1)} is missing or damaged (found ${file}). Restore it from a copy, or archive to another address.`,
      )
    runs.push(run)
  }
  return runs
}

/** The plan of an interrupted run; null if there is none. */
export async function readPlan(store: Store, address: ArchiveAddress, run: number): Promise<RunPlan | null> {
  // A pattern, because an absent file would be an error.
  const [[, text] = ['', '']] = await readTexts(store, address, `${FOLDER}/${numbered(run)}.pla*`)
  return parsed<RunPlan>(text)
}

export async function writePlan(store: Store, address: ArchiveAddress, plan: RunPlan): Promise<void> {
  await address.folders?.make(FOLDER)
  await writeText(store, address, planPath(plan.run), JSON.stringify(plan))
}

/** Writes the manifest, which makes the run count. */
export function writeManifest(store: Store, address: ArchiveAddress, run: ArchivedRun): Promise<void> {
  return writeText(store, address, manifestPath(run.run), JSON.stringify(run))
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}
