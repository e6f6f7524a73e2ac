import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kafkaReason } from '../kafka/client.ts'
import type { Holding, Membership } from '../kafka/membership.ts'
import type { TopicProducer } from '../kafka/producer.ts'
import { insertAbsentOffsets } from '../store/absent-offsets.ts'
import { insertDeadLetters } from '../store/dead-letters.ts'
import { insertEpochStarts } from '../store/leader-epochs.ts'
import type { Claim } from '../store/partition-claims.ts'
import type { Store } from '../store/store.ts'
import { type Action, createAttempts } from './attempts.ts'
import type { Batch } from './batch.ts'
import { deadLetterEntry } from './dead-letter.ts'
import { createDeadLetterSender, type DeadLetterSender } from './dead-letter-sender.ts'
import { insertBatch } from './insert-batch.ts'
import type { PipelineMetrics } from './metrics.ts'
import type { DropReason } from './outcome.ts'
import { dropRepeats } from './repeats.ts'
import { trail } from './trail.ts'

/** Points inside a delivery at which a crash must do no harm. */
export type DeliveryPoint = 'dead_letters_sent' | 'before_insert' | 'inserted' | 'before_commit'

export interface DeliveryOptions {
  topic: string
  store: Store
  catalogue: Catalogue
  membership: Membership
  deadLetters: TopicProducer
  metrics: PipelineMetrics
  log: Logger
  /** Called at each point; the fault suite crashes there. */
  at?: (point: DeliveryPoint) => void
}

/** The conditions under which a batch was read. */
export interface Tenure {
  /** The partitions of the batch, as they were held when it was read. */
  holding: Holding
  /** By partition: the id under which it is stored. */
  topicIds: ReadonlyMap<number, string>
  /** Set where several processes fill the store; null where only this one does. */
  claim: Claim | null
}

/** A batch on its way through the stages. */
export interface Shipment extends Tenure {
  batch: Batch
  /** When the delivery began, in milliseconds since 1970. */
  startedAt: number
  /** Rows that may not be stored yet. */
  rows: Batch['rows']
  /** Whether an INSERT was sent whose result may be unknown. */
  attempted: boolean
  /** Whether the partitions belong to another process now; the delivery then ends. */
  lost: boolean
}

/** What the stages use. */
interface Context extends Required<DeliveryOptions> {
  sender: DeadLetterSender
}

interface Stage {
  name: Action
  applies(batch: Batch): boolean
  run(shipment: Shipment, context: Context): Promise<void>
}

const hasDead = ({ dead }: Batch) => dead.length > 0

/**
 * The stages of every delivery, in this order. A crash between two of them neither loses nor repeats anything, because
 * offsets are committed last and each stage can be repeated.
 */
export const STAGES: readonly Stage[] = [
  { name: 'dead_letter', applies: hasDead, run: sendDeadLetters },
  { name: 'catalogue', applies: ({ newSongs }) => newSongs.length > 0, run: addSongs },
  { name: 'repeats', applies: ({ rows }) => rows.length > 0, run: leaveOutRepeats },
  { name: 'leader_epochs', applies: ({ epochs }) => epochs.length > 0, run: storeLeaderEpochs },
  { name: 'insert', applies: ({ rows }) => rows.length > 0, run: storeListens },
  { name: 'dead_letter_index', applies: hasDead, run: indexDeadLetters },
  { name: 'absent_offsets', applies: ({ absent }) => absent.length > 0, run: storeAbsentOffsets },
  { name: 'commit', applies: () => true, run: commit },
]

export interface Delivery {
  /**
   * Takes a batch through {@link STAGES}. A stage that fails is repeated until it succeeds, because continuing without
   * it would lose something.
   * @returns false when another process got the partitions before the INSERT, or `signal` ended the attempts; the
   *   records are then read again
   */
  deliver(batch: Batch, tenure: Tenure, signal: AbortSignal): Promise<boolean>
  /** What keeps the batch from being delivered, for the readiness report; null when nothing does. */
  readonly trouble: string | null
}

/** Creates the last part of the pipeline, from the batch to the committed offsets. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { topic, deadLetters, metrics, log } = options
  const sender = createDeadLetterSender({ topic, producer: deadLetters, log })
  const context: Context = { at: () => {}, ...options, sender }
  const attempts = createAttempts({ metrics, log })

  return {
    get trouble() {
      return attempts.trouble
    },

    async deliver(batch, tenure, signal) {
      const shipment: Shipment = {
        ...tenure,
        batch,
        startedAt: Date.now(),
        rows: batch.rows,
        attempted: false,
        lost: false,
      }
      for (const { name, applies, run } of STAGES) {
        if (!applies(batch)) continue
        const started = performance.now()
        const isDone = await attempts.untilDone(name, signal, () => run(shipment, context))
        metrics.stageSeconds.inc({ stage: name }, (performance.now() - started) / 1000)
        if (!isDone || shipment.lost) return false
      }
      return true
    },
  }
}

/** The id under which a partition of the batch is stored. */
export function idOf(topicIds: Tenure['topicIds'], { partition }: { partition: number }): string {
  const id = topicIds.get(partition)
  if (id === undefined) throw new Error(`partition ${partition} of a batch is not held`)
  return id
}

async function sendDeadLetters(
  { batch, topicIds, startedAt }: Shipment,
  { sender, log, at }: Context,
): Promise<void> {
  await sender.send(batch.dead, (dead) => idOf(topicIds, dead.record), startedAt)
  trail(
    log,
    'record dead-lettered',
    batch.dead.map(({ record, why: { reason } }) => ({ record, reason })),
  )
  at('dead_letters_sent')
}

function addSongs({ batch }: Shipment, { catalogue }: Required<DeliveryOptions>): Promise<void> {
  return catalogue.add(batch.newSongs)
}

async function leaveOutRepeats(
  shipment: Shipment,
  { store, metrics, log }: Required<DeliveryOptions>,
): Promise<void> {
  const repeated = await dropRepeats(shipment.batch, store, log)
  metrics.dropped.inc({ reason: 'repeated' satisfies DropReason }, repeated)
  shipment.rows = shipment.batch.rows
}

async function storeListens(shipment: Shipment, context: Required<DeliveryOptions>): Promise<void> {
  await insertBatch(shipment, context)
  if (shipment.lost) return
  const { batch } = shipment
  const { metrics, log, at } = context
  metrics.stored.inc(batch.rows.length)
  trail(log, 'listen stored', batch.rows)
  at('inserted')
}

async function indexDeadLetters(
  { batch, topicIds, startedAt }: Shipment,
  { store, metrics }: Required<DeliveryOptions>,
): Promise<void> {
  await insertDeadLetters(
    store,
    batch.dead.map((dead) => deadLetterEntry(dead, idOf(topicIds, dead.record), startedAt)),
  )
  for (const { why } of batch.dead) metrics.deadLettered.inc({ reason: why.reason })
}

async function storeAbsentOffsets(
  { batch, topicIds }: Shipment,
  { store }: Required<DeliveryOptions>,
): Promise<void> {
  const byId = Map.groupBy(batch.absent, (range) => idOf(topicIds, range))
  for (const [id, ranges] of byId) await insertAbsentOffsets(store, id, ranges)
}

/** Before the listens: an epoch that was not noted would look like a log that departs from what is stored. */
function storeLeaderEpochs(
  { batch, topicIds }: Shipment,
  { store }: Required<DeliveryOptions>,
): Promise<void> {
  return insertEpochStarts(
    store,
    batch.epochs.map((start) => ({ ...start, topicId: idOf(topicIds, start) })),
  )
}

/** Never fails: a commit that is missing only makes records be read again, and the store knows what it holds. */
async function commit(
  { batch }: Shipment,
  { membership, log, at }: Required<DeliveryOptions>,
): Promise<void> {
  at('before_commit')
  await membership
    .commit(batch.next)
    .catch((error) => log.warn({ reason: kafkaReason(error) }, 'offsets not committed'))
}
