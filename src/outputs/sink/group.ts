import type { Logger } from 'pino'
import type { KafkaConnection } from '../../kafka/client.ts'
import { createFetcher, type Fetcher } from '../../kafka/fetcher.ts'
import { joinGroup, type Membership } from '../../kafka/membership.ts'
import type { FetchedRecord } from '../../kafka/record-batch.ts'

export interface GroupOptions {
  connection: KafkaConnection
  topic: string
  groupId: string
  /** Whether only this process can be in the group; its place is then taken over at once after a crash. */
  alone: boolean
  log: Logger
  /** Told when records were gone before they could be read: offsets from `from` up to before `to`. */
  onMissing: (partition: number, from: number, to: number) => void
}

/** Records that were read together, all of one topic. */
export interface Reading {
  topicId: string
  records: readonly FetchedRecord[]
}

/** A sink's place in its consumer group: it reads from where the group has committed. */
export interface Group {
  readonly groupId: string
  /** Why the group is lost; null while it is not. */
  readonly lost: string | null
  /** Waits for records, but not for long. What it gives has to be committed, or {@link rewind} called, before the next. */
  read(): Promise<Reading>
  /** Commits all that was read. */
  commit(): Promise<void>
  /** Begins again at what is committed. Until the next {@link read} partitions may go to others at once. */
  rewind(): void
  /** Offsets that are not committed, of the partitions that are ours; null before any was given. */
  lag(): number | null
  /** Asks Kafka how far the topic has grown, which otherwise only reading tells. */
  look(): Promise<void>
  close(): Promise<void>
}

const WAIT_MS = 250

/**
 * Joins a consumer group. Every change of its assignment begins again at the committed offsets: what is then read a
 * second time is written a second time over itself, so there is nothing that has to be carried over.
 */
export function openGroup({ connection, topic, groupId, alone, log, onMissing }: GroupOptions): Group {
  let topicId = ''
  let epoch = 0
  let stale = false
  /** Whether records are out that were neither committed nor given up. */
  let out = false
  let next = new Map<number, number>()
  let committed = new Map<number, number>()
  let ends = new Map<number, number>()
  /** By partition: how far there was nothing to read, be it that the last offsets hold no records (transactions do that). */
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
        // Offsets of a topic of the same name that was there before mean nothing in this one.
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
      if (fetcher.replaced) log.warn('the topic was made anew; handing it on from its beginning')
      if (stale || fetcher.replaced || (membership.assignment?.epoch ?? 0) !== epoch) await adopt()
      const records = await fetcher.poll(WAIT_MS)
      for (const [partition, { position, end }] of fetcher.progress()) {
        ends.set(partition, Math.max(end, ends.get(partition) ?? 0))
        if (records.length === 0) empty.set(partition, position)
      }
      for (const { partition, offset } of records) next.set(partition, offset + 1)
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
