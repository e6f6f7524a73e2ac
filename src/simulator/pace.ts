import { setTimeout as sleep } from 'node:timers/promises'

/** Time, in milliseconds from any start. Given in so that a test need not wait. */
export interface Clock {
  /** Must not jump when somebody sets the machine's clock. */
  now(): number
  /** Resolves after so long, or earlier when the signal stops it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface Pace<T> {
  /** Events a second. */
  rate: number
  /** Stop after so many. */
  count?: number
  signal: AbortSignal
  next: () => T
  /** Takes a batch; the next one is not made before this resolves. Its rejection ends the pace. */
  send: (batch: T[]) => Promise<void>
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
const OWED_SECONDS = 2
/** Often enough to look steady, seldom enough to make batches worth sending. */
const SHORTEST_WAIT = 10
/** A timer that is set for longer overflows and fires at once. */
const LONGEST_WAIT = 60_000
/** Making more at a time would keep the process from everything else. */
const LARGEST_BATCH = 5_000

const MONOTONIC: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) =>
    // The only rejection is the signal's, and stopping is not a failure.
    sleep(milliseconds, undefined, { signal }).catch(() => undefined),
}

/**
 * Sends events at a rate until the signal stops it or `count` are sent, the first one at once.
 *
 * How many are due follows from the time since the start, not from adding up waits, so a late timer is made good and
 * the rate does not drift.
 * @throws RangeError when the rate is not a number above 0
 */
export async function keepPace<T>(pace: Pace<T>): Promise<Paced> {
  const { rate, signal, clock = MONOTONIC, count = Number.POSITIVE_INFINITY } = pace
  if (!(rate > 0 && Number.isFinite(rate))) throw new RangeError('The rate must be a number above 0.')
  const mostOwed = Math.max(1, Math.floor(rate * OWED_SECONDS))
  const start = clock.now()
  let sent = 0
  let behind = 0

  while (sent < count && !signal.aborted) {
    const elapsed = clock.now() - start
    const due = Math.floor((elapsed * rate) / 1000) + 1 - sent - behind
    if (due < 1) {
      const nextIn = ((sent + behind) / rate) * 1000 - elapsed
      await clock.wait(Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, Math.ceil(nextIn))), signal)
      continue
    }
    if (due > mostOwed) {
      behind += due - mostOwed
      pace.onBehind?.(due - mostOwed)
    }
    const size = Math.min(due, mostOwed, LARGEST_BATCH, count - sent)
    await pace.send(Array.from({ length: size }, () => pace.next()))
    sent += size
  }
  return { sent, behind }
}
