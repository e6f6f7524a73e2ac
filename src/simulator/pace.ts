import { wait } from '../runtime/wait.ts'
import type { Tempo } from './tempo.ts'

/** Time, in milliseconds since 1970. Given in so that a test need not wait. */
export interface Clock {
  now(): number
  /** Resolves after so long, or earlier when the signal stops it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface Pace<T> {
  /** When events happen. */
  tempo: Tempo
  /**
   * The tempo starts in the past: what happened up to `until`, or up to now, is made at full speed and none of it left out;
   * then it goes on now, or not at all.
   */
  past?: { until: number; thenLive: boolean }
  /** Stop after so many. */
  count?: number
  signal: AbortSignal
  /** Adds what happens at a moment to a batch: one thing, or several, or none. */
  make: (at: number, batch: T[]) => void
  /** Takes a batch; the next one is not made before this resolves. Its rejection ends the pace. */
  send: (batch: T[], live: boolean) => Promise<void>
  /** Called with how many events were left out this time because sending could not keep up. */
  onBehind?: (left: number) => void
  clock?: Clock
}

export interface Paced {
  sent: number
  /** Events that were due and never made, because sending could not keep up. */
  behind: number
}

/** A slow receiver is owed at most so much; what is due beyond is left out instead of piling up. */
const OWED = 2_000
/** Often enough to look steady, seldom enough to make batches worth sending. */
const SHORTEST_WAIT = 10
/** Often enough that a new rate is soon obeyed. */
const LONGEST_WAIT = 250
/** Making more at a time would keep the process from everything else. */
const LARGEST_BATCH = 5_000

const WALL_CLOCK: Clock = { now: () => Date.now(), wait }

/** Sends events as their tempo says until the signal stops it, `count` are sent, or the past is over and was all. */
export async function keepPace<T>(pace: Pace<T>): Promise<Paced> {
  const { tempo, past, signal, clock = WALL_CLOCK, count = Number.POSITIVE_INFINITY } = pace
  let pastUntil = past?.until ?? Number.POSITIVE_INFINITY
  let live = past === undefined
  let before = clock.now()
  let sent = 0
  let behind = 0

  while (sent < count && !signal.aborted) {
    const now = clock.now()
    // Somebody set the clock back: what was due by the old one would be waited for too long.
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
