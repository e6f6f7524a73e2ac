import type { Logger } from 'pino'
import { adviceOn } from '../store/advice.ts'
import type { PipelineMetrics } from './metrics.ts'

/** What a delivery does, one after the other, and how a person is told of it. */
const ACTIONS = {
  dead_letter: 'Sending dead letters to Kafka',
  catalogue: 'Storing new songs',
  repeats: 'Looking for what is stored already',
  insert: 'Storing listens',
  dead_letter_index: 'Storing the index of dead letters',
  absent_offsets: 'Storing which offsets are absent',
} as const

export type Action = keyof typeof ACTIONS

/** Actions that are repeated until they succeed, because going on without them would lose something. */
export interface Attempts {
  /** @returns false when `signal` ended the attempts before one succeeded */
  untilDone(action: Action, signal: AbortSignal, run: () => Promise<unknown>): Promise<boolean>
  /** What fails or hangs at the moment, since when, and what to do about it; null when nothing does. */
  readonly trouble: string | null
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000
/** An attempt that takes longer is worth a word. */
const SLOW_MS = 5_000

export function createAttempts({
  metrics,
  log,
}: {
  metrics: Pick<PipelineMetrics, 'failures'>
  log: Logger
}): Attempts {
  let failing: { action: Action; since: number; advice: string | null } | null = null
  let running: { action: Action; since: number } | null = null

  return {
    async untilDone(action, signal, run) {
      for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
        running = { action, since: Date.now() }
        try {
          await run()
          failing = null
          return true
        } catch (error) {
          const advice = action === 'dead_letter' ? null : adviceOn(error)
          failing = { action, since: failing?.since ?? running.since, advice }
          metrics.failures.inc({ action })
          log.error(
            { action, reason: reasonOf(error), advice, retryMs: wait },
            'delivery failed; trying again',
          )
        } finally {
          running = null
        }
        if (signal.aborted) return false
        await pause(wait, signal)
      }
    },
    get trouble() {
      if (failing !== null) {
        const { action, since, advice } = failing
        return `${ACTIONS[action]} fails since ${timeOf(since)}${advice === null ? '' : `: ${advice}`}`
      }
      if (running === null || Date.now() - running.since < SLOW_MS) return null
      return `${ACTIONS[running.action]} has had no answer since ${timeOf(running.since)}: something else may keep the store busy`
    },
  }
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString()

function reasonOf(error: unknown): string {
  // The engine's messages may quote rows, so they are cut short and kept to one line.
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s+/g, ' ').slice(0, 200)
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const limit = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(limit)
}
