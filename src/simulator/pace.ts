import { wait } from '../runtime/wait.ts'
import type { Tempo } from './tempo.ts'

/** Clock in milliseconds since 1970; injected for tests. */
export interface Clock {
  now(): number
  /** Resolves after this time, or earlier when the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface Pace<T> {
  /** When events happen. */
  tempo: Tempo
  /**
   * The tempo starts in the past. Events up to `until`, or up to now, are generated at full speed and
   * without skipping; then live events follow, or nothing.
   */
  past?: { until: number; thenLive: boolean }
  /** Stop after this many. */
  count?: number
  signal: AbortSignal
  /** Adds the records of one event to a batch: none, one or several. */
  make: (at: number, batch: T[]) => void
  /** Sends a batch. The next one is generated when this resolves. A rejection ends the pace. */
  send: (batch: T[], live: boolean) => Promise<void>
  /** Called with the number of events skipped because sending could not keep up. */
  onBehind?: (left: number) => void
  clock?: Clock
}

export interface Paced {
  sent: number
  /** Events skipped because sending could not keep up. */
  behind: number
}

/** Longest backlog; events that are due beyond it are skipped. */
const OWED = 2_000
/** Short enough to look steady, long enough for useful batches. */
const SHORTEST_WAIT = 10
/** Short enough to follow a new rate. */
const LONGEST_WAIT = 250
/** A larger batch would block the main thread. */
const LARGEST_BATCH = 5_000

const WALL_CLOCK: Clock = { now: () => Date.now(), wait }

/** Sends events at their tempo until the signal aborts, `count` are sent, or a backfill without live events ends. */
export async function keepPace<T>(pace: Pace<T>): Promise<Paced> {
  const { tempo, past, signal, clock = WALL_CLOCK, count = Number.POSITIVE_INFINITY } = pace
  let pastUntil = past?.until ?? Number.POSITIVE_INFINITY
  let live = past === undefined
  let before = clock.now()
  let sent = 0
  let behind = 0

  while (sent < count && !signal.aborted) {
    const now = clock.now()
    // The clock was set back: waiting for the old due time would take too long.
    if (live && now < before - OWED) tempo.restart(now)
    before = now
    if (live) {
      const left = tempo.skip(now - OWED)
      if (left > 0) pace.onBehind?.(left)
      behind += left
    }

    const batch: T[] = []
    for (let made = 0; made < LARGEST_BATCH && tempo.due() <= now && tempo.due() < pastUntil; made++)
      pace.make(tempo.take(), batch)
    if (batch.length === 0 && Number.isFinite(pastUntil) && tempo.due() >= pastUntil) {
      if (past?.thenLive !== true) break
      pastUntil = Number.POSITIVE_INFINITY
      live = true
      tempo.restart(now)
      continue
    }
    if (batch.length === 0) {
      const nextIn = tempo.due() - now
      if (nextIn > 0) live = true
      await clock.wait(Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, Math.ceil(nextIn))), signal)
      continue
    }
    if (batch.length > count - sent) batch.length = count - sent
    await pace.send(batch, live)
    sent += batch.length
  }
  return { sent, behind }
}
