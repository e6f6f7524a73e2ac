import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kafkaReason } from '../kafka/client.ts'
import { bytesOf, type FetchedRecord } from '../kafka/fetched-record.ts'
import type { Fetcher } from '../kafka/fetcher.ts'
import type { Assignment, Membership } from '../kafka/membership.ts'
import { slicesOf } from '../runtime/slices.ts'
import { wait } from '../runtime/wait.ts'
import type { LineBuffer } from '../store/line-buffer.ts'
import type { Store } from '../store/store.ts'
import { type Batch, dueIn, emptyBatch, isFull, skip } from './batch.ts'
import { observeStored } from './delay.ts'
import type { Delivery } from './delivery.ts'
import { holdPartitions } from './held-partitions.ts'
import { lagOf, lagSecondsOf } from './lag.ts'
import type { PipelineMetrics } from './metrics.ts'
import { advance } from './partition-state.ts'
import { takeSteps } from './take-steps.ts'

export interface PipelineOptions {
  membership: Membership
  fetcher: Fetcher
  store: Store
  catalogue: Catalogue
  delivery: Delivery
  metrics: PipelineMetrics
  log: Logger
  /** Whether other processes fill the same store, so that partitions must be claimed in it. */
  shared: boolean
  /** Called after each batch that was stored. */
  onStored: () => void
}

export interface Pipeline {
  /** Offsets between the end of each assigned partition and what is handled of it; empty while nothing is assigned. */
  lag(): ReadonlyMap<number, number>
  /** Age in seconds of the oldest record of each assigned partition that is not handled; 0 where all are. */
  lagSeconds(): ReadonlyMap<number, number>
  /** Records in memory: in the batch that grows, and in the one that is being delivered. */
  waiting(): { batch: number; inFlight: number }
  /** What keeps the pipeline from storing now; null when nothing does. */
  readonly trouble: string | null
  /** Whether the group assigned no partition to this process, because others have them all. */
  readonly idle: boolean
  /** Asks the store again what it has, because it may have less than before. */
  lookAgain(): void
  /** Resolves when the pipeline has stopped; rejects when it failed in a way that a restart of its loop cannot cure. */
  readonly done: Promise<void>
}

const IDLE_MS = 250
const RETRY_MS = 1_000
/** Records that take the steps before other work of the process gets its turn. */
const SLICE = { records: 250, bytes: 256 * 1_024 }

/**
 * Runs the pipeline: topic, steps, batch, store. One loop holds all of its state; a change of the assignment only
 * interrupts its wait.
 * @param signal ends it: records that were read are stored and committed before it stops
 */
export function runPipeline(options: PipelineOptions, signal: AbortSignal): Pipeline {
  const { membership, fetcher, delivery, metrics, log } = options
  const held = holdPartitions(options)
  /** Of delivered batches: with new ones for each batch the garbage collector would scan the whole heap for them. */
  const spareLines: LineBuffer[] = []
  let batch = emptyBatch()
  let delivering: Batch | null = null
  let inFlight: Promise<void> | null = null
  let failed = false
  let again = false
  let trouble: string | null = null

  /** Replaces the batch by an empty one. */
  function takeBatch(): Batch {
    const full = batch
    batch = emptyBatch(spareLines.pop())
    return full
  }

  async function adopt(assignment: Assignment | null): Promise<void> {
    await inFlight
    const anew = failed || again || fetcher.replaced || fetcher.truncated
    again = false
    failed = true
    if (!(await held.adopt(assignment, batch, anew))) {
      const { lines } = takeBatch()
      lines.clear()
      spareLines.push(lines)
    }
    failed = false
  }

  async function work(records: readonly FetchedRecord[]): Promise<void> {
    for (const start of fetcher.takeEpochStarts()) {
      held.states.get(start.partition)?.epochs.push(start)
      batch.epochs.push(start)
    }
    for (const slice of slicesOf(records, bytesOf, SLICE)) {
      takeSteps(slice, batch, { ...options, states: held.states })
      await setImmediate()
    }
  }

  /** Handles the ends of partitions that hold no records: ends of transactions, and aborted ones. */
  function skipEmpty(): void {
    for (const [partition, { position }] of fetcher.progress()) {
      const state = held.states.get(partition)
      if (state === undefined || position <= state.expected) continue
      skip(batch, partition, position, advance(state, partition, position, position), performance.now())
    }
  }

  /** Starts to deliver a batch. Only one is delivered at a time, so that no two INSERTs of a partition are in flight. */
  function deliver(full: Batch): void {
    delivering = full
    if (full.records > 0) metrics.batchRecords.observe(full.records)
    if (full.startedAt !== null) metrics.batchAge.observe((performance.now() - full.startedAt) / 1000)
    inFlight = delivery
      .deliver(full, held.tenureOf(full), signal)
      .then((delivered) => {
        if (delivered) noteDelivered(full)
        else failed = true
      })
      .finally(() => {
        inFlight = null
        delivering = null
        fetcher.interrupt()
      })
    // The loop awaits it later; until then a rejection must not count as unhandled.
    inFlight.catch(() => {})
  }

  function noteDelivered(full: Batch): void {
    full.lines.clear()
    spareLines.push(full.lines)
    observeStored(metrics, full, Date.now(), performance.now())
    for (const [partition, next] of full.next) {
      const state = held.states.get(partition)
      if (state === undefined) continue
      state.handled = next
      state.reached = full.oldest.get(partition) ?? state.reached
    }
    if (full.rows.length > 0) options.onStored()
  }

  /** Delivers what was read of partitions that the group takes back, before they are assigned to others. */
  async function release(): Promise<void> {
    // Stops reading; the assignment that follows resumes it for the partitions that stay.
    fetcher.assign(new Map())
    await inFlight
    if (!failed && [...batch.next.keys()].some((partition) => membership.revoked.has(partition))) {
      deliver(takeBatch())
      await inFlight
    }
    membership.released()
  }

  async function turn(): Promise<void> {
    const current = membership.assignment
    if (membership.revoked.size > 0) return release()
    if (fetcher.replaced) log.warn('the topic was recreated; reading it from its beginning')
    if ((current?.epoch ?? 0) !== held.epoch || failed || again || fetcher.replaced) return adopt(current)
    if (fetcher.truncated) {
      // The records of the batch are in no log any more, so they are delivered before the log is read again.
      if (batch.records === 0) return adopt(current)
      await inFlight
      if (!failed) deliver(takeBatch())
      return
    }
    const due = dueIn(batch, performance.now())
    if (due === 0 && (inFlight === null || isFull(batch))) {
      await inFlight
      const full = takeBatch()
      if (!failed) deliver(full)
      return
    }
    // While a batch is being delivered, the end of its delivery interrupts the wait.
    const waitMs = due === null || inFlight !== null ? IDLE_MS : due
    const records = await fetcher.poll(waitMs)
    await work(records)
    if (records.length === 0) skipEmpty()
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn()
        trouble = null
      } catch (error) {
        trouble = kafkaReason(error).slice(0, 200)
        log.error({ reason: trouble }, 'the pipeline was interrupted; starting again from what is stored')
        failed = true
        await wait(RETRY_MS, signal)
      }
    }
    await inFlight
    if (!failed && batch.startedAt !== null) {
      deliver(batch)
      await inFlight
    }
  }

  const unstored = () => (delivering === null ? [batch] : [delivering, batch])
  const lag = () => lagOf(fetcher.progress(), held.states)

  signal.addEventListener('abort', () => fetcher.interrupt(), { once: true })
  const done = loop()
  return {
    done,
    get idle() {
      return membership.assignment?.partitions.size === 0
    },
    get trouble() {
      const lost = membership.lost === null ? null : `The consumer group is lost: ${membership.lost}`
      return delivery.trouble ?? trouble ?? lost
    },
    lag,
    lookAgain() {
      again = true
      fetcher.interrupt()
    },
    lagSeconds: () => lagSecondsOf(lag(), held.states, unstored(), Date.now()),
    waiting: () => ({ batch: batch.records, inFlight: delivering?.records ?? 0 }),
  }
}
