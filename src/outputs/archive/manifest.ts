import { Failure } from '../../runtime/failure.ts'
import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { readTexts, writeText } from './files.ts'

/** Offsets of one partition, from `from` up to before `to`. In an archive each of them was handled when it was written. */
export interface ArchivedRange {
  topic_id: string
  partition: number
  from: number
  to: number
}

/** What the files of a run hold of one partition, by day of storing (UTC). */
export interface ArchivedDay {
  day: string
  topic_id: string
  partition: number
  listens: number
  /** Milliseconds heard, in sum. */
  heard_ms: number
  /** Sum of the hashes of all rows, modulo 2^64. */
  checksum: string
  /** Milliseconds since 1970. */
  first_listened_at: number
  last_listened_at: number
}

/** One run of the archive: which offsets, and what its files were seen to hold before it counted. */
export interface ArchivedRun {
  format: 1
  run: number
  written_at: string
  ranges: ArchivedRange[]
  contents: ArchivedDay[]
  /** Bytes of the file of each day; archives of before this was noted lack them. */
  bytes?: Record<string, number>
}

/** What a run is about to write, so that whoever comes after a crash knows what may lie there. */
export interface RunPlan {
  run: number
  /** Tells two that write at once apart. */
  writer: string
  days: string[]
}

/** Spark and others leave out what begins with an underscore. */
const FOLDER = '_archive'

const numbered = (run: number) => String(run).padStart(8, '0')
const manifestPath = (run: number) => `${FOLDER}/${numbered(run)}.json`
const planPath = (run: number) => `${FOLDER}/${numbered(run)}.plan`

/** The name of a run's file of one day; the same each time that the run is tried. */
export function runFile(run: number): string {
  return `${numbered(run)}.parquet`
}

/** @returns the path of a run's file of one day, below the archive */
export function dayFile(run: number, day: string): string {
  return `day=${day}/${runFile(run)}`
}

/**
 * Reads what counts in an archive: the runs whose manifest is whole, in their order.
 * @throws Failure ARCHIVE_TOO_NEW, ARCHIVE_BROKEN when a run before the last has no manifest that can be read
 */
export async function readRuns(store: Store, address: ArchiveAddress): Promise<ArchivedRun[]> {
  const texts = await readTexts(store, address, `${FOLDER}/*.json`)
  const runs: ArchivedRun[] = []
  texts.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [at, [file, text]] of texts.entries()) {
    const run = parsed<ArchivedRun>(text)
    // A crash can only have cut the last one short, and then it does not count.
    if (run === null && at === texts.length - 1) break
    if (run !== null && run.format !== 1)
      throw new Failure(
        'ARCHIVE_TOO_NEW',
        `The archive ${address.shown} was written by a newer Playhead. Update this one.`,
      )
    if (run === null || run.run !== at + 1)
      throw new Failure(
        'ARCHIVE_BROKEN',
        `In the archive ${address.shown} the manifest ${manifestPath(at + 1)} is missing or damaged (found ${file}). Put it back from a copy, or archive to another place.`,
      )
    runs.push(run)
  }
  return runs
}

/** What a run was about to write when it was cut short; null when there is none. */
export async function readPlan(store: Store, address: ArchiveAddress, run: number): Promise<RunPlan | null> {
  // As a pattern, because a file that is not there would be an error.
  const [[, text] = ['', '']] = await readTexts(store, address, `${FOLDER}/${numbered(run)}.pla*`)
  return parsed<RunPlan>(text)
}

export async function writePlan(store: Store, address: ArchiveAddress, plan: RunPlan): Promise<void> {
  await address.folders?.make(FOLDER)
  await writeText(store, address, planPath(plan.run), JSON.stringify(plan))
}

/** From here on the run counts. */
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
