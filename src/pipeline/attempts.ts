import type { Logger } from 'pino'
import { retry } from '../runtime/retry.ts'
import { adviceOn } from '../store/advice.ts'
import type { PipelineMetrics } from './metrics.ts'

/** Parts of a delivery that are repeated until they succeed, as shown to users. */
const ACTIONS = {
  dead_letter: 'Sending dead letters to Kafka',
  catalogue: 'Storing new songs',
  repeats: 'Looking for listens that are stored already',
  leader_epochs: 'Storing leader epochs',
  insert: 'Storing listens',
  dead_letter_index: 'Storing the index of dead letters',
  absent_offsets: 'Storing which offsets are absent',
  commit: 'Committing offsets',
} as const

export type Action = keyof typeof ACTIONS

/** Repeats actions until they succeed, because continuing without them would lose something. */
export interface Attempts {
  /** @returns false when `signal` ended the attempts before one succeeded */
  untilDone(action: Action, signal: AbortSignal, run: () => Promise<unknown>): Promise<boolean>
  /** What fails or hangs now, since when, and what to do about it; null when nothing does. */
  readonly trouble: string | null
}

/** Actions that Kafka answers, and not the store. */
const OF_KAFKA: ReadonlySet<Action> = new Set(['dead_letter', 'commit'])

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000
/** An attempt that takes longer is reported. */
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

  async function attempt(action: Action, run: () => Promise<unknown>): Promise<void> {
    const since = Date.now()
    running = { action, since }
    try {
      await run()
      failing = null
    } catch (error) {
      const advice = action === 'dead_letter' ? null : adviceOn(error)
      failing = { action, since: failing?.since ?? since, advice }
      throw error
    } finally {
      running = null
    }
  }

  return {
    async untilDone(action, signal, run) {
      const onFailure = (error: unknown, retryMs: number) => {
        metrics.failures.inc({ action })
        const advice = failing?.advice ?? null
        log.error({ action, reason: reasonOf(error), advice, retryMs }, 'delivery failed; trying again')
      }
      const waits = { firstMs: FIRST_RETRY_MS, lastMs: LAST_RETRY_MS }
      try {
        await retry(() => attempt(action, run), { ...waits, signal, onFailure })
        return true
      } catch (error) {
        if (!signal.aborted) throw error
        return false
      }
    },
    get trouble() {
      if (failing !== null) {
        const { action, since, advice } = failing
        return `${ACTIONS[action]} fails since ${timeOf(since)}${advice === null ? '' : `: ${advice}`}`
      }
      if (running === null || Date.now() - running.since < SLOW_MS) return null
      const why = OF_KAFKA.has(running.action) ? '' : ': something else may keep the store busy'
      return `${ACTIONS[running.action]} has had no answer since ${timeOf(running.since)}${why}`
    },
  }
}

const timeOf = (milliseconds: number) => new Date(milliseconds).toISOString()

function reasonOf(error: unknown): string {
  // The engine's messages may quote rows, so they are cut short and kept to one line.
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s+/g, ' ').slice(0, 200)
}
