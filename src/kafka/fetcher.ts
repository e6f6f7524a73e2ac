import { Consumer, findErrorBy, ListOffsetTimestamps } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'

/** One record as it was read from the topic. */
export interface FetchedRecord {
  partition: number
  offset: number
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
  /** Milliseconds since 1970, as the producer or the broker set it. */
  timestamp: number
}

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
   * Takes what has been read, at most one response a broker; waits for some up to `waitMs`, or until `interrupt`.
   * While the caller works on it the next response is read ahead, and no more than that: this bounds memory.
   */
  poll(waitMs: number): Promise<FetchedRecord[]>
  /** Makes a waiting poll return now. */
  interrupt(): void
  /** Where each assigned partition stands: the next offset to read, and the end of what can be read. */
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
// Compressed events are some five times as large in memory, and each becomes several objects there.
const MAX_BYTES = 2 * 1_048_576
const MAX_BYTES_PER_PARTITION = MAX_BYTES / 4
const RETRY_MS = 500
// Bit 5 of a batch's attributes: it holds transaction markers, not records (Kafka protocol, record batch v2).
const CONTROL = 0x20

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>

interface Response {
  records: FetchedRecord[]
}

/**
 * Reads assigned partitions from positions of the caller's choosing. It is apart from the group membership because
 * a fetch waits at the broker and would hold up heartbeats and commits on the same connection.
 */
export function createFetcher(connection: KafkaConnection, options: FetcherOptions): Fetcher {
  const { topic, log } = options
  // A consumer that never joins: only its fetch and metadata are used.
  const consumer = new Consumer({
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
  /** Brokers that a request or a response waiting to be taken belongs to. */
  const busy = new Map<number, Response | null>()
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

  function take(response: FetchResponse, asked: ReadonlyMap<number, number>): FetchedRecord[] {
    const records: FetchedRecord[] = []
    for (const { partitions } of response.responses)
      for (const fetched of partitions) {
        const partition = fetched.partitionIndex
        const from = asked.get(partition) ?? 0
        // A broker that hung may answer after its successor has: these records were read from there meanwhile.
        if (positions.get(partition) !== from) continue
        ends.set(partition, Number(fetched.highWatermark))
        let next = from
        for (const batch of fetched.records ?? []) {
          const first = Number(batch.firstOffset)
          next = Math.max(next, first + batch.lastOffsetDelta + 1)
          if ((batch.attributes & CONTROL) !== 0) continue
          const firstTimestamp = Number(batch.firstTimestamp)
          for (const record of batch.records) {
            const offset = first + record.offsetDelta
            // A batch comes whole even when reading starts in its middle.
            if (offset < from) continue
            records.push({
              partition,
              offset,
              key: record.key,
              value: record.value,
              headers: record.headers,
              timestamp: firstTimestamp + Number(record.timestampDelta),
            })
          }
        }
        positions.set(partition, next)
      }
    return records
  }

  async function fetch(node: number, topicId: string, partitions: readonly number[]): Promise<void> {
    const mine = generation
    const asked = new Map(partitions.map((partition) => [partition, positions.get(partition) ?? 0]))
    busy.set(node, null)
    let records: FetchedRecord[] = []
    try {
      const response = await consumer.fetch({
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
      records = take(response, asked)
    } catch (error) {
      if (closed || mine !== generation) return
      await recover(error)
    } finally {
      if (mine === generation) {
        if (records.length > 0) busy.set(node, { records })
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

  function takeReady(): FetchedRecord[] {
    const ready: FetchedRecord[][] = []
    for (const [node, response] of busy)
      if (response !== null) {
        ready.push(response.records)
        busy.delete(node)
      }
    return ready.flat()
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
    },
    async poll(waitMs) {
      const deadline = performance.now() + waitMs
      for (;;) {
        const records = takeReady()
        if (positions.size > 0 && !closed) void askAll()
        const left = deadline - performance.now()
        if (records.length > 0 || left <= 0 || closed) return records
        const woken = Promise.withResolvers<'ready' | 'over'>()
        const limit = setTimeout(() => woken.resolve('over'), left)
        wake = () => woken.resolve('ready')
        interrupted = () => woken.resolve('over')
        const why = await woken.promise
        clearTimeout(limit)
        if (why === 'over') return takeReady()
      }
    },
    interrupt: () => interrupted(),
    get replaced() {
      return replaced
    },
    progress() {
      return new Map(
        [...positions].map(([partition, position]) => [
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
