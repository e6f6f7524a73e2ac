import type { Logger } from 'pino'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kafkaReason } from '../kafka/client.ts'
import type { Fetcher } from '../kafka/fetcher.ts'
import type { Assignment, Holding, Membership } from '../kafka/membership.ts'
import type { FetchedRecord } from '../kafka/record-batch.ts'
import { insertAbsentOffsets } from '../store/absent-offsets.ts'
import type { LineBuffer } from '../store/line-buffer.ts'
import { type Claim, claimPartitions } from '../store/partition-claims.ts'
import { type ResumePoint, resumePoints } from '../store/resume.ts'
import type { Store } from '../store/store.ts'
import { type Batch, count, dueIn, emptyBatch, isFull, rowOf } from './batch.ts'
import { observeStored } from './delay.ts'
import type { Delivery } from './delivery.ts'
import type { PipelineMetrics } from './metrics.ts'
import type { Item } from './outcome.ts'
import { isLost, NOTHING, reportStart, startOf, within } from './resume.ts'
import { STEPS, type StepContext } from './steps.ts'
import { trail } from './trail.ts'

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
  /** Whether the group has given this process nothing, because others have all partitions. */
  readonly idle: boolean
  /** Asks the store again what it has, because it may have less than before. */
  lookAgain(): void
  /** Resolves when the pipeline has stopped; rejects when it broke in a way it cannot mend. */
  readonly done: Promise<void>
}

const IDLE_MS = 250
const RETRY_MS = 1_000
/** Records worked on before other work of the process gets its turn; what is made of them is done with while it is young. */
const SLICE = 250

/**
 * Runs the pipeline: topic, steps, batch, store. One loop holds all of its state; a change of the assignment only
 * interrupts its wait.
 * @param signal ends it: what has been read is stored and committed before it stops
 */
export function runPipeline(options: PipelineOptions, signal: AbortSignal): Pipeline {
  const { membership, fetcher, store, catalogue, delivery, metrics, log } = options
  let epoch = 0
  let held: Holding = new Map()
  let topicId = ''
  let claim: Claim | null = null
  let points = new Map<number, ResumePoint>()
  let handled = new Map<number, number>()
  /** By partition: the offset that the next record should have. */
  let expected = new Map<number, number>()
  /** Of batches that are delivered: new ones for each would have the collector look through the whole heap for them. */
  const spareLines: LineBuffer[] = []
  let batch = emptyBatch()
  let inFlight: Promise<void> | null = null
  let delivering: Batch | null = null
  /** By partition: a timestamp that no unhandled record is older than. */
  let reached = new Map<number, number>()
  let failed = false
  let again = false
  let trouble: string | null = null

  /**
   * Takes over an assignment. Of what we hold already, reading goes on; for the rest the store says what it has and
   * Kafka where to start.
   * @param anew takes over all of it as if nothing had been held
   */
  async function adopt(assignment: Assignment | null, anew: boolean): Promise<void> {
    const wanted: Holding = assignment?.partitions ?? new Map()
    fetcher.assign(new Map())
    const id = wanted.size > 0 ? await fetcher.topicId() : topicId
    if (anew || id !== topicId) {
      held = new Map()
      points = new Map()
    }
    topicId = id
    const kept = [...held].filter(([partition, given]) => wanted.get(partition) === given)
    // What was taken from us was finished before, or is not ours to store: then the rest is read again with it.
    if (kept.length < held.size || kept.length === 0) batch = emptyBatch()
    held = new Map(kept)
    if (claim !== null) claim = { ...claim, partitions: [...held.keys()] }
    const positions = new Map(
      kept.map(([partition]) => [partition, batch.next.get(partition) ?? handled.get(partition) ?? 0]),
    )
    handled = new Map(kept.map(([partition]) => [partition, handled.get(partition) ?? 0]))
    reached = new Map([...reached].filter(([partition]) => held.has(partition)))
    const added = [...wanted.keys()].filter((partition) => !held.has(partition))
    if (added.length > 0)
      for (const [partition, start] of await starts(wanted, added)) {
        positions.set(partition, start)
        handled.set(partition, start)
      }
    expected = new Map(positions)
    held = wanted
    epoch = assignment?.epoch ?? 0
    if (wanted.size > 0) fetcher.assign(positions, topicId)
  }

  /** Where to start reading partitions that were given to us, having claimed them in a store that we share. */
  async function starts(wanted: Holding, added: readonly number[]): Promise<Map<number, number>> {
    if (options.shared) {
      // After a pause of this process the assignment may be an old one, and a claim under it would shut its successor out.
      if (!(await membership.owns(wanted))) throw new Error('the partitions were given to somebody else')
      claim = await claimPartitions(store, topicId, [...wanted.keys()])
    }
    const [found, committed, earliest] = await Promise.all([
      resumePoints(store, topicId, added),
      membership.committed(added),
      fetcher.earliest(),
    ])
    points = new Map([
      ...points,
      ...added.map((partition) => [partition, found.get(partition) ?? NOTHING] as const),
    ])
    const places = added.map((partition) =>
      startOf(partition, points.get(partition), committed.get(partition), earliest.get(partition) ?? 0),
    )
    await insertAbsentOffsets(
      store,
      topicId,
      places.flatMap(({ absent }) => absent),
    )
    for (const place of places) reportStart(place, { log, metrics })
    return new Map(places.map(({ partition, position }) => [partition, position]))
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
      items.push({ record, listen: null, line: null })
    }
    metrics.read.inc(records.length)
    trail(log, 'record read', items)
    const context: StepContext = {
      storedOffset: (partition) => points.get(partition)?.stored ?? -1,
      indexedOffset: (partition) => points.get(partition)?.indexed ?? -1,
      isLost: (partition, offset) => isLost(points.get(partition)?.lost ?? [], offset),
      catalogue,
      newSongs: batch.newSongs,
      lines: batch.lines,
      now: Date.now(),
    }
    for (const step of STEPS) {
      const started = performance.now()
      const kept: Item[] = []
      for (const item of items) {
        const outcome = step.run(item, context)
        if (outcome.kind === 'ok') kept.push(item)
        else if (outcome.kind === 'drop') {
          metrics.dropped.inc({ reason: outcome.reason })
          trail(log, 'record left out', [{ record: item.record, reason: outcome.reason }])
        } else batch.dead.push({ record: item.record, why: outcome })
      }
      items = kept
      metrics.stepSeconds.inc({ step: step.name }, (performance.now() - started) / 1000)
    }
    for (const item of items) batch.rows.push(rowOf(item))
  }

  /** Hands the batch to delivery, one at a time, so that no two INSERTs of a partition are ever in flight. */
  function hand(full: Batch): void {
    const holding = new Map([...held].filter(([partition]) => full.next.has(partition)))
    delivering = full
    metrics.batchRecords.observe(full.records)
    if (full.startedAt !== null) metrics.batchAge.observe((performance.now() - full.startedAt) / 1000)
    inFlight = delivery
      .deliver(full, { holding, topicId, claim }, signal)
      .then((delivered) => {
        if (!delivered) {
          failed = true
          return
        }
        full.lines.clear()
        spareLines.push(full.lines)
        observeStored(metrics, full, Date.now(), performance.now())
        for (const [partition, next] of full.next) handled.set(partition, next)
        for (const [partition, timestamp] of full.oldest) reached.set(partition, timestamp)
        if (full.rows.length > 0) options.onStored()
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
    // No more of them is read; of those that stay, reading goes on with the assignment that follows.
    fetcher.assign(new Map())
    await inFlight
    if (!failed && [...batch.next.keys()].some((partition) => membership.revoked.has(partition))) {
      const full = batch
      batch = emptyBatch(spareLines.pop())
      hand(full)
      await inFlight
    }
    membership.released()
  }

  async function turn(): Promise<void> {
    const current = membership.assignment
    if (membership.revoked.size > 0) {
      await release()
      return
    }
    if (fetcher.replaced) log.warn('the topic was made anew; reading it from its beginning')
    if ((current?.epoch ?? 0) !== epoch || failed || again || fetcher.replaced) {
      await inFlight
      const anew = failed || again || fetcher.replaced
      again = false
      failed = true
      await adopt(current, anew)
      failed = false
      return
    }
    const due = dueIn(batch, performance.now())
    if (due === 0 && (inFlight === null || isFull(batch))) {
      await inFlight
      const full = batch
      batch = emptyBatch(spareLines.pop())
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
        trouble = kafkaReason(error).slice(0, 200)
        log.error({ reason: trouble }, 'the pipeline was interrupted; starting again from what is stored')
        failed = true
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    await inFlight
    if (!failed && batch.records > 0) {
      hand(batch)
      await inFlight
    }
  }

  function lag(): Map<number, number> {
    const lag = new Map<number, number>()
    for (const [partition, { position, end }] of fetcher.progress()) {
      // What ends a transaction, and what one held that was given up, is no record that could be handled.
      const isIdle = !batch.next.has(partition) && delivering?.next.has(partition) !== true
      const reached = Math.max(handled.get(partition) ?? end, isIdle ? position : 0)
      lag.set(partition, Math.max(0, end - reached))
    }
    return lag
  }

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
