import type { OffsetRange } from './absent-offsets.ts'
import type { Ask, Store } from './store.ts'

/** How far one Kafka partition has been handled, as the store knows it. */
export interface ResumePoint {
  /** The highest offset stored as a listen, be it dropped since; -1 when there is none. */
  stored: number
  /** The highest offset in the index of dead letters; -1 when there is none. */
  indexed: number
  /** The highest offset handled at all: stored, dead-lettered, or known to be absent; -1 when there is none. */
  handled: number
  /** Below `handled`, what the store had and lost, such as a damaged part; in rising order. */
  lost: readonly OffsetRange[]
}

const MAX_SECONDS = 120
const OF_TOPIC = 'WHERE topic_id = {topic:UUID} AND kafka_partition IN {partitions:Array(UInt32)}'

/**
 * Asks the store how far partitions of a topic have been handled. The store is the authority on this: offsets committed
 * to Kafka only say where reading may start. The highest offset alone would hide a part that is lost from the middle, so
 * the rows are counted too; both figures come from a projection and cost nothing. Only where they disagree the rows
 * themselves are looked at.
 * @param topicId Kafka's id of the topic, so that a topic recreated under the same name starts from the beginning
 * @returns by partition; a partition of which nothing is handled is absent
 */
export async function resumePoints(
  store: Store,
  topicId: string,
  partitions: readonly number[],
): Promise<Map<number, ResumePoint>> {
  const ask = { params: { topic: topicId, partitions }, maxSeconds: MAX_SECONDS }
  const [stored, copied, dead, absent, dropped] = await Promise.all([
    // Fails where a whole shard of a cluster does not answer, of which nothing would be known otherwise.
    store.rows<[number, number, number]>(
      `SELECT kafka_partition, max(kafka_offset), count() FROM listens ${OF_TOPIC} GROUP BY kafka_partition`,
      ask,
    ),
    store.isCluster ? copiedPoints(store, ask) : [],
    store.rows<[number, number, number]>(
      `SELECT kafka_partition, max(kafka_offset), uniqExact(kafka_offset) FROM dead_letters ${OF_TOPIC} GROUP BY kafka_partition`,
      ask,
    ),
    store.rows<[number, number, number]>(
      `SELECT kafka_partition, max(end_offset) - 1, sum(end_offset - first_offset) FROM absent_offsets FINAL ${OF_TOPIC} GROUP BY kafka_partition`,
      ask,
    ),
    store.rows<[number, number, number]>(
      `SELECT kafka_partition, max(end_offset) - 1, sum(listens) FROM dropped_listens FINAL ${OF_TOPIC} GROUP BY kafka_partition`,
      ask,
    ),
  ])
  const points = new Map<number, ResumePoint>()
  const counts = new Map<number, number>()
  const note = (rows: readonly [number, number, number][], mark: 'stored' | 'indexed' | null) => {
    for (const [partition, highest, count] of rows) {
      const point = points.get(partition) ?? { stored: -1, indexed: -1, handled: -1, lost: [] }
      points.set(partition, {
        ...point,
        ...(mark === null ? {} : { [mark]: Math.max(point[mark], highest) }),
        handled: Math.max(point.handled, highest),
      })
      counts.set(partition, (counts.get(partition) ?? 0) + count)
    }
  }
  note(fullest([...stored, ...copied]), 'stored')
  // They were stored, and the archive has them.
  note(dropped, 'stored')
  note(dead, 'indexed')
  note(absent, null)
  const suspects = [...points].filter(([partition, { handled }]) => counts.get(partition) !== handled + 1)
  for (const lost of await lostOffsets(
    store,
    topicId,
    suspects.map(([partition]) => partition),
  )) {
    const point = points.get(lost.partition)
    if (point !== undefined) points.set(lost.partition, { ...point, lost: [...point.lost, lost] })
  }
  return points
}

/**
 * The same from each copy of a shard. An INSERT that was acknowledged is on most of them, so one that is asked alone may be
 * without it; and one that was not may be on another, which will replicate it.
 */
function copiedPoints(store: Store, ask: Ask): Promise<[number, number, number][]> {
  return store.rows(
    `SELECT kafka_partition, max(kafka_offset), count() FROM ${store.everyCopy('listens')} ${OF_TOPIC}
     GROUP BY hostName(), kafka_partition`,
    { ...ask, withoutDead: true },
  )
}

/** By partition the highest offset and the highest count of several copies. */
function fullest(rows: readonly [number, number, number][]): [number, number, number][] {
  const points = new Map<number, [number, number, number]>()
  for (const [partition, highest, count] of rows) {
    const [, before, counted] = points.get(partition) ?? [partition, highest, count]
    points.set(partition, [partition, Math.max(highest, before), Math.max(count, counted)])
  }
  return [...points.values()]
}

/** Finds what is neither a listen nor a dead letter nor absent, below the highest offset of each partition. */
async function lostOffsets(
  store: Store,
  topicId: string,
  partitions: readonly number[],
): Promise<OffsetRange[]> {
  if (partitions.length === 0) return []
  const rows = await store.rows<[number, number, number]>(
    `SELECT kafka_partition, reached, first FROM (
       SELECT kafka_partition, first, max(end) OVER (
         PARTITION BY kafka_partition ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
       FROM (
         SELECT kafka_partition, kafka_offset AS first, kafka_offset + 1 AS end FROM ${store.everyCopy('listens')} ${OF_TOPIC}
         UNION ALL SELECT kafka_partition, kafka_offset, kafka_offset + 1 FROM dead_letters ${OF_TOPIC}
         UNION ALL SELECT kafka_partition, first_offset, end_offset FROM absent_offsets ${OF_TOPIC}
         UNION ALL SELECT kafka_partition, first_offset, end_offset FROM dropped_listens ${OF_TOPIC}))
     WHERE first > reached ORDER BY kafka_partition, first`,
    { params: { topic: topicId, partitions }, maxSeconds: MAX_SECONDS },
  )
  return rows.map(([partition, from, to]) => ({ partition, from, to }))
}
