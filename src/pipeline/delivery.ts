import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kafkaReason } from '../kafka/client.ts'
import type { Holding, Membership } from '../kafka/membership.ts'
import type { TopicProducer } from '../kafka/producer.ts'
import { insertAbsentOffsets } from '../store/absent-offsets.ts'
import { insertDeadLetters } from '../store/dead-letters.ts'
import { insertListens, storedPartitions } from '../store/listens.ts'
import { type Claim, isRefusal, renewClaim } from '../store/partition-claims.ts'
import type { Store } from '../store/store.ts'
import { createAttempts } from './attempts.ts'
import type { Batch } from './batch.ts'
import { deadLetterEntry, deadLetterRecord } from './dead-letter.ts'
import type { PipelineMetrics } from './metrics.ts'
import type { DropReason } from './outcome.ts'
import { dropRepeats } from './repeats.ts'
import { trail } from './trail.ts'

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
  /** What keeps the batch from being delivered, for the readiness report; null when nothing does. */
  readonly trouble: string | null
}

/** The last stage of the pipeline. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { topic, store, catalogue, membership, deadLetters, metrics, log, at = () => {} } = options
  const attempts = createAttempts({ metrics, log })
  const { untilDone } = attempts

  /**
   * What of a batch, of whose INSERT no answer came, was not stored after all. On one server it is all or nothing; the shards of
   * a cluster store their part each for itself.
   */
  async function notStored(batch: Batch, topicId: string, storedAt: number): Promise<Batch['rows']> {
    const firsts = new Map<number, number>()
    for (const { record } of batch.rows)
      if (!firsts.has(record.partition)) firsts.set(record.partition, record.offset)
    const stored = await storedPartitions(store, topicId, firsts, storedAt)
    return batch.rows.filter(({ record }) => !stored.has(record.partition))
  }

  return {
    get trouble() {
      return attempts.trouble
    },

    async deliver(batch, { holding, topicId, claim }, signal) {
      const failedAt = Date.now()
      if (batch.dead.length > 0) {
        const records = batch.dead.map((dead) => deadLetterRecord(dead, { topic, topicId }, failedAt))
        if (!(await untilDone('dead_letter', signal, () => deadLetters.send(records)))) return false
        trail(
          log,
          'record dead-lettered',
          batch.dead.map(({ record, why: { reason } }) => ({ record, reason })),
        )
        at('dead_letters_sent')
      }
      if (batch.newSongs.length > 0)
        if (!(await untilDone('catalogue', signal, () => catalogue.add(batch.newSongs)))) return false

      const drop = async () =>
        metrics.dropped.inc({ reason: 'repeated' satisfies DropReason }, await dropRepeats(batch, store, log))
      if (!(await untilDone('repeats', signal, drop))) return false

      if (batch.rows.length > 0) {
        const mark = { topicId, storedAt: failedAt / 1000 }
        let rows = batch.rows
        let lost = false
        let attempted = false
        const insert = async () => {
          lost = !(await membership.owns(holding))
          if (lost) return
          if (attempted && claim !== null) await renewClaim(store, claim)
          if (attempted) rows = await notStored(batch, topicId, mark.storedAt)
          if (rows.length === 0) return
          attempted = true
          const partitions = [...new Set(rows.map(({ record }) => record.partition))]
          at('before_insert')
          const timed = metrics.insertSeconds.startTimer()
          try {
            const lines = { buffer: batch.lines, spans: rows.map(({ line }) => line) }
            await insertListens(store, mark, lines, claim === null ? undefined : { claim, partitions })
          } catch (error) {
            if (!isRefusal(error)) throw error
            log.warn('the store refused a batch: its partitions were claimed by somebody else meanwhile')
            lost = true
          }
          timed()
        }
        if (!(await untilDone('insert', signal, insert)) || lost) return false
        metrics.stored.inc(batch.rows.length)
        trail(log, 'listen stored', batch.rows)
        at('inserted')
      }

      if (batch.dead.length > 0) {
        const entries = batch.dead.map((dead) => deadLetterEntry(dead, topicId, failedAt))
        if (!(await untilDone('dead_letter_index', signal, () => insertDeadLetters(store, entries))))
          return false
        for (const { why } of batch.dead) metrics.deadLettered.inc({ reason: why.reason })
      }
      if (batch.absent.length > 0)
        if (
          !(await untilDone('absent_offsets', signal, () =>
            insertAbsentOffsets(store, topicId, batch.absent),
          ))
        )
          return false
      at('before_commit')
      // A commit that fails costs nothing but reading again: the store knows what it holds.
      await membership
        .commit(batch.next)
        .catch((error) => log.warn({ reason: kafkaReason(error) }, 'offsets not committed'))
      return true
    },
  }
}
