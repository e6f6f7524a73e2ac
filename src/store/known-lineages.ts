import type { Place } from './listens.ts'
import type { Store } from './store.ts'

const KEPT_MS = 5_000

/** Stored offsets of a partition that Kafka has lost and gives to other records. */
export interface LostTail {
  partition: number
  /** The first of these offsets. */
  from: number
  /** The offset after the last one. */
  to: number
  /** When the pipeline noticed it, in seconds since 1970. */
  notedAt: number
}

/** The lineages of a topic's partitions. */
export interface Lineages {
  /** What the log has lost, the oldest first. */
  readonly lostTails: readonly LostTail[]
  /** Id under which new records of a partition are stored. */
  idOf(partition: number): string
  /** Whether the topic still has the record that was stored with this place. */
  isInLog(place: Place): boolean
}

/**
 * Keeps the lineages of a topic in memory. They are read again in the background when they are a few seconds old, so that
 * nobody waits for a store that does not answer.
 */
export function knownLineages(store: Store, topicId: () => Promise<string>): () => Promise<Lineages> {
  let known: { topic: string; at: number; rows: Row[] } = { topic: '', at: 0, rows: [] }

  async function refresh(topic: string): Promise<void> {
    known = { ...known, topic, at: Date.now() }
    const rows = await readLineages(store, topic).catch(() => null)
    if (rows !== null) known = { topic, at: Date.now(), rows }
  }

  return async () => {
    const topic = await topicId()
    if (topic !== known.topic) known = { topic, at: 0, rows: [] }
    if (Date.now() - known.at > KEPT_MS) void refresh(topic)
    return lineages(topic, known.rows)
  }
}

type Row = [partition: number, id: string, from: number, to: number, notedAt: number]

function readLineages(store: Store, topicId: string): Promise<Row[]> {
  return store.rows<Row>(
    `SELECT kafka_partition, toString(lineage_id), first_offset, end_offset, toFloat64(noted_at) FROM lineages
     WHERE topic_id = {topic:UUID} ORDER BY noted_at, lineage_id`,
    { params: { topic: topicId }, maxSeconds: 5 },
  )
}

/** @param rows in the order in which the lineages began */
export function lineages(topicId: string, rows: readonly Row[]): Lineages {
  return {
    lostTails: rows.map(([partition, , from, to, notedAt]) => ({ partition, from, to, notedAt })),
    idOf: (partition) => rows.findLast(([of]) => of === partition)?.[1] ?? topicId,
    isInLog(place) {
      const own = rows.filter(([partition]) => partition === place.partition)
      const at = own.findIndex(([, id]) => id === place.topicId)
      if (at < 0 && place.topicId !== topicId) return false
      return own.slice(at + 1).every(([, , from]) => place.offset < from)
    },
  }
}
