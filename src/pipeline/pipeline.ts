import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { FetchedRecord, Fetcher } from '../kafka/fetcher.ts'
import type { Assignment, Membership } from '../kafka/membership.ts'
import { insertAbsentOffsets, type OffsetRange } from '../store/absent-offsets.ts'
import { type Claim, claimPartitions } from '../store/claims.ts'
import { type ResumePoint, resumePoints } from '../store/resume.ts'
import type { Store } from '../store/store.ts'
import { type Batch, count, dueIn, emptyBatch, isFull } from './batch.ts'
import { observeStored } from './delay.ts'
import type { Delivery } from './delivery.ts'
import type { PipelineMetrics } from './metrics.ts'
import type { Item } from './outcome.ts'
import { isLost, startOf, within } from './resume.ts'
import { STEPS, type StepContext } from './steps.ts'

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
  /** What keeps the pipeline from storing at the moment; null when nothing does. */
  readonly trouble: string | null
  /** Asks the store again what it has, because it may have less than before. */
  lookAgain(): void
  /** Resolves when the pipeline has stopped; rejects when it broke in a way it cannot mend. */
  readonly done: Promise<void>
}

const IDLE_MS = 250
const RETRY_MS = 1_000
/** Records worked on before other work of the process gets its turn. */
const SLICE = 2_000

/**
 * Runs the pipeline: topic, steps, batch, store. One loop holds all of its state; a change of the assignment only
 * interrupts its wait.
 * @param signal ends it: what has been read is stored and committed before it stops
 */
export function runPipeline(options: PipelineOptions, signal: AbortSignal): Pipeline {
  const { membership, fetcher, store, catalogue, delivery, metrics, log } = options
  let epoch = 0
  let topicId = ''
  let claim: Claim | null = null
  let points = new Map<number, ResumePoint>()
  let handled = new Map<number, number>()
  /** By partition: the offset that the next record should have. */
  let expected = new Map<number, number>()
  let batch = emptyBatch()
  let inFlight: Promise<void> | null = null
  let delivering: Batch | null = null
  /** By partition: a timestamp that no unhandled record is older than. */
  let reached = new Map<number, number>()
  let failed = false
  let trouble: string | null = null

  /** Takes over an assignment: the store says what it has, Kafka where to start reading. */
  async function adopt(assignment: Assignment | null): Promise<void> {
    batch = emptyBatch()
    handled = new Map()
    reached = new Map()
    fetcher.assign(new Map())
    if (assignment !== null && assignment.partitions.length > 0) {
      topicId = await fetcher.topicId()
      // After a pause of this process the assignment may be an old one, and a claim under it would shut its successor out.
      if (options.shared && !(await membership.owns(assignment.epoch))) return
      claim = options.shared ? await claimPartitions(store, topicId, assignment.partitions) : null
      const [known, committed, earliest] = await Promise.all([
        resumePoints(store, topicId, assignment.partitions),
        membership.committed(assignment.partitions),
        fetcher.earliest(),
      ])
      points = known
      const starts = assignment.partitions.map((partition) =>
        findStart(partition, committed.get(partition), earliest.get(partition) ?? 0),
      )
      await insertAbsentOffsets(
        store,
        topicId,
        starts.flatMap(({ absent }) => absent),
      )
      for (const { missing } of starts) missing.forEach(reportMissing)
      const positions = new Map(starts.map(({ partition, position }) => [partition, position]))
      handled = new Map(positions)
      expected = new Map(positions)
      fetcher.assign(positions, topicId)
    }
    epoch = assignment?.epoch ?? 0
  }

  function findStart(partition: number, committed: number | undefined, earliest: number) {
    const point = points.get(partition)
    const next = (point?.handled ?? -1) + 1
    if (committed !== undefined && next < committed)
      log.warn({ partition, committed, next }, 'the store is behind the committed offset; reading again')
    for (const { from, to } of point?.lost ?? []) {
      metrics.lost.inc(to - from)
      log.error(
        { partition, from, to, lost: to - from },
        'the store has lost these offsets; reading them again',
      )
    }
    return { partition, ...startOf(partition, point, committed, earliest) }
  }

  function reportMissing({ partition, from, to }: OffsetRange): void {
    metrics.missing.inc(to - from)
    log.error(
      { partition, from, to, missing: to - from },
      'the topic no longer holds these offsets; what they held is not in the store',
    )
  }

  /** Notes what the topic left out before a record, unless it is known to be handled. */
  function noteAbsent({ partition, offset }: FetchedRecord): void {
    const from = expected.get(partition) ?? offset
    expected.set(partition, offset + 1)
    if (from >= offset) return
    const { handled: known = -1, lost = [] } = points.get(partition) ?? {}
    batch.absent.push(...within([...lost, { partition, from: known + 1, to: Infinity }], from, offset))
  }

  async function work(records: readonly FetchedRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += SLICE) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve))
      takeSteps(records.slice(from, from + SLICE))
    }
  }

  function takeSteps(records: readonly FetchedRecord[]): void {
    const now = performance.now()
    let items: Item[] = []
    for (const record of records) {
      count(batch, record, now)
      noteAbsent(record)
      metrics.readBytes.inc(record.value?.length ?? 0)
      items.push({ record, listen: null })
    }
    metrics.read.inc(records.length)
    const context: StepContext = {
      storedOffset: (partition) => points.get(partition)?.stored ?? -1,
      indexedOffset: (partition) => points.get(partition)?.indexed ?? -1,
      isLost: (partition, offset) => isLost(points.get(partition)?.lost ?? [], offset),
      catalogue,
      newSongs: batch.newSongs,
      now: Date.now(),
    }
    for (const step of STEPS) {
      const started = performance.now()
      const kept: Item[] = []
      for (const item of items) {
        const outcome = step.run(item, context)
        if (outcome.kind === 'ok') kept.push(item)
        else if (outcome.kind === 'drop') metrics.dropped.inc({ reason: outcome.reason })
        else batch.dead.push({ record: item.record, why: outcome })
      }
      items = kept
      metrics.stepSeconds.inc({ step: step.name }, (performance.now() - started) / 1000)
    }
    for (const item of items) batch.items.push(item)
  }

  /** Hands the batch to delivery, one at a time, so that no two INSERTs of a partition are ever in flight. */
  function hand(full: Batch): void {
    const owned = epoch
    delivering = full
    metrics.batchRecords.observe(full.records)
    if (full.startedAt !== null) metrics.batchAge.observe((performance.now() - full.startedAt) / 1000)
    inFlight = delivery
      .deliver(full, { epoch: owned, topicId, claim }, signal)
      .then((delivered) => {
        if (!delivered) {
          failed = true
          return
        }
        observeStored(metrics, full, Date.now(), performance.now())
        if (owned === epoch) {
          for (const [partition, next] of full.next) handled.set(partition, next)
          for (const [partition, timestamp] of full.oldest) reached.set(partition, timestamp)
        }
        if (full.items.length > 0) options.onStored()
      })
      .finally(() => {
        inFlight = null
        delivering = null
        fetcher.interrupt()
      })
    // The loop waits for it sooner or later; until then a rejection must not count as unhandled.
    inFlight.catch(() => {})
  }

  /** Finishes what has been read of partitions that the group takes back, before they are given to others. */
  async function release(): Promise<void> {
    await inFlight
    if (!failed && batch.records > 0) {
      const full = batch
      batch = emptyBatch()
      hand(full)
      await inFlight
    }
    await adopt(null)
    membership.released()
  }

  async function turn(): Promise<void> {
    const current = membership.assignment
    if (membership.releasing) {
      await release()
      return
    }
    if (fetcher.replaced) log.warn('the topic was made anew; reading it from its beginning')
    if ((current?.epoch ?? 0) !== epoch || failed || fetcher.replaced) {
      await inFlight
      failed = false
      await adopt(current)
      return
    }
    const due = dueIn(batch, performance.now())
    if (due === 0 && (inFlight === null || isFull(batch))) {
      await inFlight
      const full = batch
      batch = emptyBatch()
      if (!failed) hand(full)
      return
    }
    // While a batch is on its way, the end of its delivery interrupts the wait.
    const wait = due === null || inFlight !== null ? IDLE_MS : due
    await work(await fetcher.poll(wait))
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn()
        trouble = null
      } catch (error) {
        trouble = error instanceof Error ? error.message.slice(0, 200) : String(error)
        log.error({ reason: trouble }, 'the pipeline was interrupted; starting again from what is stored')
        failed = true
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    await inFlight
    if (!failed && batch.records > 0 && membership.assignment?.epoch === epoch) {
      hand(batch)
      await inFlight
    }
  }

  function lag(): Map<number, number> {
    const lag = new Map<number, number>()
    for (const [partition, { end }] of fetcher.progress())
      lag.set(partition, Math.max(0, end - (handled.get(partition) ?? end)))
    return lag
  }

  signal.addEventListener('abort', () => fetcher.interrupt(), { once: true })
  const done = loop()
  return {
    done,
    get trouble() {
      return delivery.failing === null
        ? trouble
        : `${delivery.failing.action} fails since ${new Date(delivery.failing.since).toISOString()}`
    },
    lag,
    lookAgain() {
      failed = true
      fetcher.interrupt()
    },
    lagSeconds() {
      const now = Date.now()
      const seconds = new Map<number, number>()
      for (const [partition, offsets] of lag()) {
        // What was not even read yet is no older than what was handled last.
        const oldest =
          delivering?.oldest.get(partition) ?? batch.oldest.get(partition) ?? reached.get(partition) ?? now
        seconds.set(partition, offsets === 0 ? 0 : Math.max(0, (now - oldest) / 1000))
      }
      return seconds
    },
    waiting: () => ({ batch: batch.records, inFlight: delivering?.records ?? 0 }),
  }
}
