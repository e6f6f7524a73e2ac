import { setImmediate } from 'node:timers/promises'
import { findErrorBy, ListOffsetTimestamps } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { BatchConsumer, type FetchedPartition } from './batch-consumer.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { type FetchedRecord, type RecordBatch, readBatch } from './record-batch.ts'
import { committed } from './transactions.ts'

export interface Fetcher {
  /** Kafka's id of the topic. */
  topicId(): Promise<string>
  /** Offset of the first record that the topic still holds, by partition. */
  earliest(): Promise<Map<number, number>>
  /** Offset that the next record of each partition will get. */
  latest(): Promise<Map<number, number>>
  /**
   * Starts reading at these positions, and forgets whatever was read ahead at others.
   * @param topicId the topic that they are positions of; without it they are used for whatever bears its name
   */
  assign(positions: ReadonlyMap<number, number>, topicId?: string): void
  /** Whether the topic was deleted and made again since: the positions mean nothing there, and nothing more is read. */
  readonly replaced: boolean
  /**
   * Takes some of what has been read; waits for some up to `waitMs`, or until `interrupt`. While the caller works on a
   * broker's response the next one is read ahead, and no more than that: this bounds memory.
   */
  poll(waitMs: number): Promise<FetchedRecord[]>
  /** Makes a waiting poll return now. */
  interrupt(): void
  /** Where each assigned partition stands: the offset before which all is given, and the end of what can be read. */
  progress(): ReadonlyMap<number, { position: number; end: number }>
  close(): Promise<void>
}

export interface FetcherOptions {
  topic: string
  log: Logger
  /** Told when records were gone before they could be read: offsets from `from` up to before `to`. */
  onMissing: (partition: number, from: number, to: number) => void
}

const MAX_WAIT_MS = 250
const MAX_BYTES = 4 * 1_048_576
const MAX_BYTES_PER_PARTITION = MAX_BYTES / 4
const RETRY_MS = 500
/** Records made at a time: few enough that most are let go of before the collector of garbage has to move them. */
const POLL_RECORDS = 1_000

/** A batch that was read, and the first offset that is wanted of it. */
interface Ready {
  partition: number
  from: number
  batch: RecordBatch
}

/**
 * Reads assigned partitions from positions of the caller's choosing. It is apart from the group membership because
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
  consumer.topics.track(topic)

  let positions = new Map<number, number>()
  const ends = new Map<number, number>()
  let generation = 0
  let closed = false
  let assignedTopic: string | undefined
  let replaced = false
  /** Whether the leaders are being asked for; with the cluster gone that takes longer than a poll waits. */
  let asking = false
  /** Brokers that a request (null) or a response waiting to be taken belongs to. */
  const busy = new Map<number, Ready[] | null>()
  /** What was taken of responses, its records not made yet; of it `given` batches are done. */
  let taken: Ready[] = []
  let given = 0
  let wake: () => void = () => {}
  let interrupted: () => void = () => {}

  async function topicMetadata() {
    const metadata = await consumer.metadata({ topics: [topic] })
    const found = metadata.topics.get(topic)
    if (found === undefined) throw new Error(`no metadata of topic ${topic}`)
    return found
  }

  async function listOffsets(timestamp: bigint): Promise<Map<number, number>> {
    const offsets = await consumer.listOffsets({ topics: [topic], timestamp })
    return new Map((offsets.get(topic) ?? []).map((offset, partition) => [partition, Number(offset)]))
  }

  async function partitionsByLeader(): Promise<{ id: string; leaders: Map<number, number[]> }> {
    const { id, partitions } = await topicMetadata()
    const leaders = new Map<number, number[]>()
    for (const partition of positions.keys()) {
      const leader = partitions[partition]?.leader
      if (leader === undefined || leader < 0) continue
      leaders.set(leader, [...(leaders.get(leader) ?? []), partition])
    }
    return { id, leaders }
  }

  function accept(
    { partition, highWatermark, batches, aborted }: FetchedPartition,
    asked: ReadonlyMap<number, number>,
  ): Ready[] {
    const from = asked.get(partition) ?? 0
    // A broker that hung may answer after its successor has: these records were read from there meanwhile.
    if (positions.get(partition) !== from) return []
    ends.set(partition, highWatermark)
    positions.set(partition, Math.max(from, (batches.at(-1)?.lastOffset ?? -1) + 1))
    return committed(batches, aborted)
      .filter(({ lastOffset }) => lastOffset >= from)
      .map((batch) => ({ partition, from, batch }))
  }

  async function fetch(node: number, topicId: string, wanted: readonly number[]): Promise<void> {
    const mine = generation
    const asked = new Map(wanted.map((partition) => [partition, positions.get(partition) ?? 0]))
    busy.set(node, null)
    let ready: Ready[] = []
    try {
      const partitions = await consumer.fetchBatches({
        node,
        maxWaitTime: MAX_WAIT_MS,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        topics: [
          {
            topicId,
            partitions: [...asked].map(([partition, fetchOffset]) => ({
              partition,
              fetchOffset: BigInt(fetchOffset),
              partitionMaxBytes: MAX_BYTES_PER_PARTITION,
              currentLeaderEpoch: -1,
              lastFetchedEpoch: -1,
            })),
          },
        ],
      })
      if (mine !== generation) return
      ready = partitions.flatMap((partition) => accept(partition, asked))
    } catch (error) {
      if (closed || mine !== generation) return
      await recover(error)
    } finally {
      if (mine === generation) {
        if (ready.length > 0) busy.set(node, ready)
        else busy.delete(node)
        wake()
      }
    }
  }

  async function recover(error: unknown): Promise<void> {
    consumer.clearMetadata()
    if (error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') !== null) {
      await moveIntoRange().catch((cause) => log.warn({ reason: kafkaReason(cause) }, 'offsets unknown'))
      return
    }
    log.warn({ reason: kafkaReason(error) }, 'fetch failed; trying again')
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }

  async function moveIntoRange(): Promise<void> {
    const [first, last] = await Promise.all([
      listOffsets(ListOffsetTimestamps.EARLIEST),
      listOffsets(ListOffsetTimestamps.LATEST),
    ])
    for (const [partition, position] of positions) {
      const start = first.get(partition) ?? 0
      const end = last.get(partition) ?? 0
      if (position < start) {
        options.onMissing(partition, position, start)
        positions.set(partition, start)
      } else if (position > end) {
        log.error({ partition, position, end }, 'the topic ends before what was read of it; reading its end')
        positions.set(partition, end)
      }
    }
  }

  /** Asks every broker that owes nothing for the next records. */
  async function askAll(): Promise<void> {
    if (asking) return
    asking = true
    const mine = generation
    try {
      const { id, leaders } = await partitionsByLeader()
      if (mine !== generation || closed) return
      if (assignedTopic !== undefined && id !== assignedTopic) {
        replaced = true
        interrupted()
        return
      }
      for (const [node, partitions] of leaders) if (!busy.has(node)) void fetch(node, id, partitions)
    } catch (error) {
      if (!closed) await recover(error)
    } finally {
      asking = false
    }
  }

  /** Gives back the brokers whose responses it takes, so that they can be asked for the next. */
  function takeResponses(): void {
    const responses = [...busy.values()].filter((response) => response !== null)
    for (const [node, response] of busy) if (response !== null) busy.delete(node)
    taken = responses.flat()
    given = 0
  }

  function takeRecords(): FetchedRecord[] {
    const records: FetchedRecord[] = []
    if (given === taken.length) takeResponses()
    while (given < taken.length && records.length < POLL_RECORDS) {
      const { batch, partition, from } = taken[given] as Ready
      for (const record of readBatch(batch, partition, from)) records.push(record)
      given += 1
    }
    return records
  }

  /** What was read and not given yet, by rising offsets of each partition. */
  function waiting(): Ready[] {
    return [...taken.slice(given), ...[...busy.values()].flatMap((response) => response ?? [])]
  }

  return {
    topicId: async () => (await topicMetadata()).id,
    earliest: () => listOffsets(ListOffsetTimestamps.EARLIEST),
    latest: () => listOffsets(ListOffsetTimestamps.LATEST),
    assign(next, topicId) {
      generation += 1
      assignedTopic = topicId
      replaced = false
      positions = new Map(next)
      ends.clear()
      busy.clear()
      taken = []
      given = 0
    },
    async poll(waitMs) {
      // Other work of the process gets its turn, reading ahead among it.
      await setImmediate()
      const deadline = performance.now() + waitMs
      for (;;) {
        const records = takeRecords()
        if (positions.size > 0 && !closed) void askAll()
        const left = deadline - performance.now()
        if (records.length > 0 || left <= 0 || closed) return records
        const woken = Promise.withResolvers<'ready' | 'over'>()
        const limit = setTimeout(() => woken.resolve('over'), left)
        wake = () => woken.resolve('ready')
        interrupted = () => woken.resolve('over')
        const why = await woken.promise
        clearTimeout(limit)
        if (why === 'over') return takeRecords()
      }
    },
    interrupt: () => interrupted(),
    get replaced() {
      return replaced
    },
    progress() {
      const given = new Map(positions)
      // The last one written is the first that waits.
      for (const { partition, from, batch } of waiting().reverse())
        given.set(partition, Math.max(from, batch.firstOffset))
      return new Map(
        [...given].map(([partition, position]) => [
          partition,
          { position, end: ends.get(partition) ?? position },
        ]),
      )
    },
    async close() {
      closed = true
      generation += 1
      wake()
      await consumer.close(true)
    },
  }
}
