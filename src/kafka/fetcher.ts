import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createBell } from '../runtime/bell.ts'
import { wait } from '../runtime/wait.ts'
import { BatchConsumer, type EpochEnd, type FetchedPartition } from './batch-consumer.ts'
import { type BatchReader, readBatch } from './batch-reader.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import {
  createEpochWatch,
  divergence,
  type EpochStart,
  type EpochWatch,
  isOutOfRange,
  wantedOf,
} from './epoch-watch.ts'
import { createFetchedBatches } from './fetched-batches.ts'
import type { FetchedRecord } from './fetched-record.ts'
import { createReadQueue } from './read-queue.ts'
import { createTopicOffsets } from './topic-offsets.ts'

export interface Fetcher {
  /** Kafka's id of the topic. */
  topicId(): Promise<string>
  /** Offset of the first record that the topic still holds, by partition. */
  earliest(): Promise<Map<number, number>>
  /** Offset that the next record of each partition will get. */
  latest(): Promise<Map<number, number>>
  /**
   * Starts reading at these positions, and forgets records that were read ahead at others.
   * @param topicId the topic of the positions; without it they are used for any topic of its name
   * @param epochs leader epoch of the record before each position, where it is known; with it, truncations are noticed
   */
  assign(positions: ReadonlyMap<number, number>, topicId?: string, epochs?: ReadonlyMap<number, number>): void
  /** Whether the log of an assigned partition lost records that were read; then nothing more is read. */
  readonly truncated: boolean
  /** The leader epochs that began in what was read since the last call. */
  takeEpochStarts(): EpochStart[]
  /**
   * Where the log of a partition departs from the one in which `offset` followed a record of `epoch`; null where it does
   * not (KIP-320). Of an unknown epoch, -1, only a log that ends before `offset` is noticed.
   */
  divergence(partition: number, offset: number, epoch: number): Promise<EpochEnd | null>
  /** Whether the topic was recreated since: the positions mean nothing there, and nothing more is read. */
  readonly replaced: boolean
  /**
   * Takes some records; waits for some up to `waitMs`, or until `interrupt`. While the caller works on a broker's response
   * the next one is read ahead, and no more than that: this bounds memory.
   */
  poll(waitMs: number): Promise<FetchedRecord[]>
  /** Makes a waiting poll return now. */
  interrupt(): void
  /** State of each assigned partition: the offset before which all records were taken, and the end of those that can be read. */
  progress(): ReadonlyMap<number, { position: number; end: number }>
  close(): Promise<void>
}

export interface FetcherOptions {
  topic: string
  log: Logger
  /** Called when records were gone before they could be read: offsets from `from` up to before `to`. */
  onMissing: (partition: number, from: number, to: number) => void
}

const MAX_WAIT_MS = 250
const MAX_BYTES = 4 * 1_048_576
const MAX_BYTES_PER_PARTITION = MAX_BYTES / 4
const RETRY_MS = 500

/**
 * Reads assigned partitions from positions that the caller chooses. It is separate from the group membership because
 * a fetch waits at the broker and would hold up heartbeats and commits on the same connection.
 */
export function createFetcher(connection: KafkaConnection, options: FetcherOptions): Fetcher {
  const { topic, log } = options
  // A consumer that never joins: only its fetch and metadata are used.
  const consumer = new BatchConsumer({
    ...clientOptions(connection, 'fetch'),
    groupId: 'playhead-fetch',
    autocommit: false,
  })
  consumer.on('error', (error) => log.warn({ reason: kafkaReason(error) }, 'fetch connection failed'))
  const offsets = createTopicOffsets(consumer, topic)
  const queue = createReadQueue()
  const bell = createBell()
  const closing = new AbortController()

  let positions = new Map<number, number>()
  const ends = new Map<number, number>()
  let fetched = createFetchedBatches()
  let generation = 0
  let assignedTopic: string | undefined
  let replaced = false
  /** Null where the caller does not want to know of truncations. */
  let epochs: EpochWatch | null = null
  let truncated = false
  let interrupted = false
  /** Whether the leaders are being asked for; without the cluster that takes longer than a poll waits. */
  let asking = false
  /** Partitions that their leader refused: when they are asked for again, in milliseconds of the monotonic clock. */
  const resting = new Map<number, number>()
  /** Brokers with a request in flight. */
  const busy = new Set<number>()

  const isAwake = (partition: number) => (resting.get(partition) ?? 0) <= performance.now()
  const isOver = (mine: number) => mine !== generation || closing.signal.aborted

  /** Asks every broker without a request or a waiting response for the next records. */
  async function askAll(): Promise<void> {
    if (asking) return
    asking = true
    const mine = generation
    try {
      const { id, leaders } = await offsets.leadersOf([...positions.keys()].filter(isAwake))
      if (isOver(mine)) return
      if (assignedTopic !== undefined && id !== assignedTopic) {
        replaced = true
        interrupt()
        return
      }
      for (const [node, partitions] of leaders)
        if (!busy.has(node) && !queue.has(node)) void fetch(node, id, partitions)
    } catch (error) {
      if (!closing.signal.aborted) await recover(error)
    } finally {
      asking = false
    }
  }

  async function fetch(node: number, topicId: string, wanted: readonly number[]): Promise<void> {
    const mine = generation
    const asked = new Map(wanted.map((partition) => [partition, positions.get(partition) ?? 0]))
    busy.add(node)
    try {
      const partitions = await consumer.fetchBatches(fetchRequest(node, topicId, asked, epochs))
      if (isOver(mine)) return
      for (const { partition, error } of partitions) if (error !== null) void setAside(partition, error, mine)
      const readers = partitions.flatMap((partition) => accept(partition, asked))
      if (readers.length > 0) queue.add(node, readers)
      else if (partitions.some(({ batches }) => batches.some(({ damage }) => damage !== null)))
        await wait(RETRY_MS, closing.signal)
    } catch (error) {
      if (!isOver(mine)) await recover(error)
    } finally {
      if (mine === generation) {
        busy.delete(node)
        bell.ring()
      }
    }
  }

  function accept(answer: FetchedPartition, asked: ReadonlyMap<number, number>): BatchReader[] {
    const { partition, highWatermark } = answer
    const from = asked.get(partition) ?? 0
    if (answer.error !== null) return []
    // A broker that hung may answer after its successor, from which these records were read already.
    if (positions.get(partition) !== from) return []
    if (answer.diverging !== null) {
      noteTruncation()
      return []
    }
    const { batches, position, isDamaged } = fetched.of(answer, from)
    epochs?.note(partition, answer.batches, position)
    if (isDamaged) log.warn({ partition, position }, 'a damaged batch was fetched; fetching it again')
    ends.set(partition, highWatermark)
    positions.set(partition, position)
    return batches.map((batch) => readBatch(batch, partition, from))
  }

  async function recover(error: unknown): Promise<void> {
    consumer.clearMetadata()
    log.warn({ reason: kafkaReason(error) }, 'fetch failed; trying again')
    await wait(RETRY_MS, closing.signal)
  }

  /** Lets a partition rest that its leader refused; reading of the others continues. */
  async function setAside(partition: number, error: Error, mine: number): Promise<void> {
    resting.set(partition, performance.now() + RETRY_MS)
    consumer.clearMetadata()
    if (!isOutOfRange(error)) {
      log.warn({ partition, reason: kafkaReason(error) }, 'the leader refuses a partition; asking again')
      return
    }
    const position = positions.get(partition) ?? 0
    try {
      const [first, last] = await Promise.all([offsets.earliest(), offsets.latest()])
      if (isOver(mine) || positions.get(partition) !== position) return
      moveIntoRange(partition, position, { start: first.get(partition) ?? 0, end: last.get(partition) ?? 0 })
      resting.delete(partition)
    } catch (cause) {
      log.warn({ partition, reason: kafkaReason(cause) }, 'offsets unknown')
    }
  }

  function moveIntoRange(
    partition: number,
    position: number,
    { start, end }: { start: number; end: number },
  ): void {
    if (position < start) {
      options.onMissing(partition, position, start)
      positions.set(partition, start)
    } else if (position > end && epochs !== null) {
      noteTruncation()
    } else if (position > end) {
      log.error({ partition, position, end }, 'the topic ends before what was read of it; reading its end')
      positions.set(partition, end)
    }
  }

  function noteTruncation(): void {
    truncated = true
    interrupt()
  }

  function interrupt(): void {
    interrupted = true
    bell.ring()
  }

  return {
    topicId: () => offsets.topicId(),
    earliest: () => offsets.earliest(),
    latest: () => offsets.latest(),
    assign(next, topicId, known) {
      generation += 1
      assignedTopic = topicId
      replaced = false
      truncated = false
      epochs = known === undefined ? null : createEpochWatch(known)
      positions = new Map(next)
      fetched = createFetchedBatches()
      ends.clear()
      resting.clear()
      busy.clear()
      queue.clear()
    },
    async poll(waitMs) {
      interrupted = false
      // Other work of the process gets its turn, reading ahead among it.
      await setImmediate()
      for (const deadline = performance.now() + waitMs; ; ) {
        const records = await queue.take()
        if (positions.size > 0 && !truncated && !closing.signal.aborted) void askAll()
        const left = deadline - performance.now()
        if (records.length > 0 || left <= 0 || interrupted || closing.signal.aborted) return records
        await bell.wait(left)
      }
    },
    interrupt,
    get replaced() {
      return replaced
    },
    get truncated() {
      return truncated
    },
    takeEpochStarts: () => epochs?.take() ?? [],
    divergence: (partition, offset, epoch) => divergence(consumer, offsets, { partition, offset, epoch }),
    progress() {
      const given = new Map([...positions, ...queue.positions()])
      return new Map(
        [...given].map(([partition, position]) => [
          partition,
          { position, end: ends.get(partition) ?? position },
        ]),
      )
    },
    async close() {
      closing.abort()
      generation += 1
      bell.ring()
      await consumer.close(true)
    },
  }
}

function fetchRequest(
  node: number,
  topicId: string,
  positions: ReadonlyMap<number, number>,
  epochs: EpochWatch | null,
): Parameters<BatchConsumer['fetchBatches']>[0] {
  const partitions = [...positions].map(([partition, offset]) => ({
    ...wantedOf(partition, offset, epochs?.of(partition) ?? -1),
    partitionMaxBytes: MAX_BYTES_PER_PARTITION,
  }))
  return {
    node,
    maxWaitTime: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    topics: [{ topicId, partitions }],
  }
}
