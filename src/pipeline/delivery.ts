import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kafkaReason } from '../kafka/client.ts'
import type { Holding, Membership } from '../kafka/membership.ts'
import type { TopicProducer } from '../kafka/producer.ts'
import { type Claim, isRefusal, renewClaim } from '../store/claims.ts'
import { insertDeadLetters } from '../store/dead-letters.ts'
import { insertListens } from '../store/listens.ts'
import { resumePoints } from '../store/resume.ts'
import type { Store } from '../store/store.ts'
import { type Batch, linesOf } from './batch.ts'
import { deadLetterEntry, deadLetterRecord } from './dead-letter.ts'
import type { PipelineMetrics } from './metrics.ts'

/** Moments inside a delivery at which a crash must do no harm. */
export type DeliveryPoint = 'dead_letters_sent' | 'before_insert' | 'inserted' | 'before_commit'

export interface DeliveryOptions {
  topic: string
  store: Store
  catalogue: Catalogue
  membership: Membership
  deadLetters: TopicProducer
  metrics: PipelineMetrics
  log: Logger
  /** Told of each point as it is reached; the fault suite crashes there. */
  at?: (point: DeliveryPoint) => void
}

/** Under what a batch was read. */
export interface Tenure {
  /** The partitions of the batch, as they were held when it was read. */
  holding: Holding
  topicId: string
  /** Where several processes fill the store; null where only this one does. */
  claim: Claim | null
}

export interface Delivery {
  /**
   * Delivers a batch: dead letters to Kafka, new songs, the listens in one INSERT, the index of dead letters, and
   * last the offsets. What fails is repeated until it succeeds, because going on without it would lose it.
   * @returns whether it was delivered; false when the partitions had been given to somebody else before the INSERT,
   *   or `signal` ended the attempts. What was not delivered is read again.
   */
  deliver(batch: Batch, tenure: Tenure, signal: AbortSignal): Promise<boolean>
  /** What fails at the moment, for the readiness report; null when nothing does. */
  readonly failing: { action: string; since: number } | null
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/** The last stage of the pipeline. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { topic, store, catalogue, membership, deadLetters, metrics, log, at = () => {} } = options
  let failing: Delivery['failing'] = null

  /** Runs one action until it succeeds. False when attempts must end. */
  async function untilDone(
    action: string,
    signal: AbortSignal,
    run: () => Promise<unknown>,
  ): Promise<boolean> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await run()
        failing = null
        return true
      } catch (error) {
        failing ??= { action, since: Date.now() }
        metrics.failures.inc({ action })
        log.error({ action, reason: reasonOf(error), retryMs: wait }, 'delivery failed; trying again')
      }
      if (signal.aborted) return false
      await pause(wait, signal)
    }
  }

  /**
   * Whether the INSERT of a batch, of which no answer came, was carried out after all. It is one part, so any of
   * its rows stands for all of them.
   */
  async function wasStored(batch: Batch, topicId: string): Promise<boolean> {
    const [first] = batch.items
    if (first === undefined) return true
    const point = (await resumePoints(store, topicId)).get(first.record.partition)
    return point !== undefined && point.stored >= first.record.offset
  }

  return {
    get failing() {
      return failing
    },

    async deliver(batch, { holding, topicId, claim }, signal) {
      const failedAt = Date.now()
      if (batch.dead.length > 0) {
        const records = batch.dead.map((dead) => deadLetterRecord(dead, { topic, topicId }, failedAt))
        if (!(await untilDone('dead_letter', signal, () => deadLetters.send(records)))) return false
        at('dead_letters_sent')
      }
      if (batch.newSongs.length > 0)
        if (!(await untilDone('catalogue', signal, () => catalogue.add(batch.newSongs)))) return false

      if (batch.items.length > 0) {
        const lines = linesOf(batch, topicId, failedAt / 1000)
        const partitions = [...new Set(batch.items.map(({ record }) => record.partition))]
        let lost = false
        let attempted = false
        const insert = async () => {
          lost = !(await membership.owns(holding))
          if (lost) return
          if (attempted && claim !== null) await renewClaim(store, claim)
          if (attempted && (await wasStored(batch, topicId))) return
          attempted = true
          at('before_insert')
          const timed = metrics.insertSeconds.startTimer()
          try {
            await insertListens(store, lines, claim === null ? undefined : { claim, partitions })
          } catch (error) {
            if (!isRefusal(error)) throw error
            log.warn('the store refused a batch: its partitions were claimed by somebody else meanwhile')
            lost = true
          }
          timed()
        }
        if (!(await untilDone('insert', signal, insert)) || lost) return false
        metrics.stored.inc(lines.length)
        at('inserted')
      }

      if (batch.dead.length > 0) {
        const entries = batch.dead.map((dead) => deadLetterEntry(dead, topicId, failedAt))
        if (!(await untilDone('dead_letter_index', signal, () => insertDeadLetters(store, entries))))
          return false
        for (const { why } of batch.dead) metrics.deadLettered.inc({ reason: why.reason })
      }
      at('before_commit')
      // A commit that fails costs nothing but reading again: the store knows what it holds.
      await membership
        .commit(batch.next)
        .catch((error) => log.warn({ reason: kafkaReason(error) }, 'offsets not committed'))
      return true
    },
  }
}

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
