import type { Logger } from 'pino'
import { Failure } from '../../runtime/failure.ts'
import { wait } from '../../runtime/wait.ts'
import type { Store } from '../../store/store.ts'
import type { System, SystemState } from '../status/system.ts'
import type { ArchiveAddress } from './address.ts'
import { archiveStored, written } from './archive.ts'
import { type ArchiveEnds, archiveEnds, below } from './due.ts'
import { dropArchived } from './keep.ts'

const HOUR_MS = 3_600_000
/** Delay after the hour, for INSERTs that are still running. */
const AFTER_THE_HOUR_MS = 30_000
const LOOK_MS = 60_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

export interface ArchiverOptions {
  store: Store
  address: ArchiveAddress
  /** Milliseconds after which the store drops archived listens; null for never. */
  keepMs: number | null
  /** Whether to publish an Iceberg table. */
  iceberg: boolean
  log: Logger
}

/** Archives every hour until it is stopped; retries while the archive is unavailable. */
export function startArchiver({ store, address, keepMs, iceberg, log }: ArchiverOptions): System {
  const stopping = new AbortController()
  const { signal } = stopping
  let state: SystemState = {
    name: 'archive',
    kind: 'archive',
    state: 'starting',
    detail: '',
    handed: 0,
    lag: null,
  }
  let ends: ArchiveEnds = new Map()
  let waited = 0
  let nextHour = 0

  async function round(): Promise<void> {
    const { runs, held } = await archiveStored(store, address, {
      openHour: false,
      iceberg,
      signal,
      onRun: (run) => {
        const listens = written([run])
        state = { ...state, handed: (state.handed ?? 0) + listens }
        log.info({ run: run.run, listens }, 'archived')
      },
    })
    ends = archiveEnds(runs)
    const dropped = keepMs === null ? 0 : await dropArchived(store, address, runs, { keepMs, signal })
    if (dropped > 0) log.info({ dropped }, 'archived listens dropped from the store')
    const detail =
      held === 0
        ? ''
        : `${held} partitions go on when the pipeline has read again what the store has lost of them.`
    state = { ...state, state: held === 0 ? 'running' : 'waiting', detail }
  }

  async function turn(): Promise<number> {
    try {
      if (Date.now() >= nextHour) {
        await round()
        nextHour = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS + AFTER_THE_HOUR_MS
      }
      state = { ...state, lag: await askLag(store, ends) }
      waited = 0
      return Math.min(LOOK_MS, Math.max(0, nextHour - Date.now()))
    } catch (error) {
      if (signal.aborted) return 0
      const detail =
        error instanceof Failure ? error.message : 'The store does not answer. The archiver tries again.'
      if (detail !== state.detail) log.warn({ err: error }, detail)
      state = { ...state, state: 'waiting', detail }
      waited = Math.min(LONGEST_WAIT_MS, waited === 0 ? FIRST_WAIT_MS : 2 * waited)
      return waited
    }
  }

  const running = (async () => {
    while (!signal.aborted) {
      const next = await turn()
      await wait(next, signal)
    }
  })()

  return {
    states: () => [state],
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Number of stored listens that are not archived yet. */
async function askLag(store: Store, ends: ArchiveEnds): Promise<number> {
  const [[count] = [0]] = await store.rows<[number]>(
    `SELECT count() FROM listens AS l WHERE NOT ${below(ends)}`,
    { maxSeconds: 60, background: true },
  )
  return count
}
