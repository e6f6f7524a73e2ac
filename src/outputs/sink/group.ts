import type { Logger } from 'pino'
import type { KafkaConnection } from '../../kafka/client.ts'
import { type FetchedRecord, lastOffsetOf } from '../../kafka/fetched-record.ts'
import { createFetcher, type Fetcher } from '../../kafka/fetcher.ts'
import { joinGroup, type Membership } from '../../kafka/membership.ts'

export interface GroupOptions {
  connection: KafkaConnection
  topic: string
  groupId: string
  /** Whether only this process can be in the group; it then rejoins at once after a crash. */
  alone: boolean
  log: Logger
  /** Called when records expired before they were read: offsets from `from` to `to`, excluded. */
  onMissing: (partition: number, from: number, to: number) => void
}

/** Records of one poll, all from one topic. */
export interface Reading {
  topicId: string
  records: readonly FetchedRecord[]
}

/** A sink's membership in its consumer group; it reads from the committed offsets. */
export interface Group {
  readonly groupId: string
  /** Why the group is lost; null if it is not. */
  readonly lost: string | null
  /** Waits briefly for records. Before the next read, commit them or call {@link rewind}. */
  read(): Promise<Reading>
  /** Commits everything that was read. */
  commit(): Promise<void>
  /** Restarts at the committed offsets. Until the next {@link read}, partitions can move at once. */
  rewind(): void
  /** Offsets not committed in the assigned partitions; null before the first assignment. */
  lag(): number | null
  /** Asks Kafka for the ends of the partitions, which otherwise only reading updates. */
  look(): Promise<void>
  close(): Promise<void>
}

const WAIT_MS = 250

/**
 * Joins a consumer group. Every new assignment restarts at the committed offsets. Records that are
 * read twice overwrite themselves in the target, so no state is carried over.
 */
export function openGroup({ connection, topic, groupId, alone, log, onMissing }: GroupOptions): Group {
  let topicId = ''
  let epoch = 0
  let stale = false
  /** Whether there are records that were neither committed nor rewound. */
  let out = false
  let next = new Map<number, number>()
  let committed = new Map<number, number>()
  let ends = new Map<number, number>()
  /** By partition: the position up to which a poll was empty; transaction markers are not records. */
  let empty = new Map<number, number>()
  const fetcher: Fetcher = createFetcher(connection, { topic, log, onMissing })
  const membership: Membership = joinGroup(connection, {
    topic,
    groupId,
    ...(alone ? { instanceId: 'only' } : {}),
    log,
    onChange() {
      fetcher.interrupt()
      if (!out) letGo()
    },
  })

  function letGo(): void {
    if (membership.revoked.size > 0) membership.released()
  }

  async function adopt(): Promise<void> {
    const partitions = [...(membership.assignment?.partitions.keys() ?? [])]
    const adopted = membership.assignment?.epoch ?? 0
    fetcher.assign(new Map())
    next = new Map()
    empty = new Map()
    if (partitions.length > 0) {
      const before = topicId
      topicId = await fetcher.topicId()
      const [known, earliest, latest] = await Promise.all([
        membership.committed(partitions),
        fetcher.earliest(),
        fetcher.latest(),
      ])
      for (const partition of partitions) {
        const [first, end] = [earliest.get(partition) ?? 0, latest.get(partition) ?? 0]
        const from = known.get(partition)
        // Committed offsets of a deleted topic with the same name do not apply.
        const other = (before !== '' && before !== topicId) || (from ?? 0) > end
        if (!other && from !== undefined && from < first) onMissing(partition, from, first)
        next.set(partition, other || from === undefined ? first : Math.max(from, first))
      }
      ends = latest
    }
    committed = new Map(next)
    epoch = adopted
    stale = false
    if (partitions.length > 0) fetcher.assign(next, topicId)
  }

  return {
    groupId,
    get lost() {
      return membership.lost
    },
    async read() {
      letGo()
      if (fetcher.replaced) log.warn('the topic was recreated; reading it from the beginning')
      if (stale || fetcher.replaced || (membership.assignment?.epoch ?? 0) !== epoch) await adopt()
      const records = await fetcher.poll(WAIT_MS)
      for (const [partition, { position, end }] of fetcher.progress()) {
        ends.set(partition, Math.max(end, ends.get(partition) ?? 0))
        if (records.length === 0) empty.set(partition, position)
      }
      for (const record of records) next.set(record.partition, lastOffsetOf(record) + 1)
      out = records.length > 0
      return { topicId, records }
    },
    async commit() {
      try {
        await membership.commit(next)
        committed = new Map(next)
      } finally {
        out = false
        letGo()
      }
    },
    rewind() {
      stale = true
      empty = new Map()
      out = false
      letGo()
    },
    lag() {
      if (membership.assignment === null) return null
      let lag = 0
      for (const [partition, offset] of committed)
        lag += Math.max(0, (ends.get(partition) ?? 0) - Math.max(offset, empty.get(partition) ?? 0))
      return lag
    },
    async look() {
      if (committed.size > 0) ends = await fetcher.latest()
    },
    async close() {
      await Promise.all([membership.close(), fetcher.close()])
    },
  }
}
