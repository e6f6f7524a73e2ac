import type { Store } from './store.ts'

/** How far one Kafka partition has been handled, as the store knows it. */
export interface ResumePoint {
  /** The highest offset stored as a listen; -1 when there is none. */
  stored: number
  /** The highest offset in the index of dead letters; -1 when there is none. */
  indexed: number
  /** The highest offset handled at all, be it stored or dead-lettered; -1 when there is none. */
  handled: number
}

/**
 * Asks the store how far each partition of a topic has been handled. The store is the authority on this: offsets
 * committed to Kafka only say where reading may start.
 * @param topicId Kafka's id of the topic, so that a topic made anew under the same name starts from nothing
 * @returns by partition; a partition of which nothing is stored is absent
 */
export async function resumePoints(store: Store, topicId: string): Promise<Map<number, ResumePoint>> {
  const ask = { params: { topic: topicId }, maxSeconds: 120 }
  const stored = await store.rows<[number, number]>(
    `SELECT kafka_partition, max(kafka_offset) FROM listens WHERE topic_id = {topic:UUID} GROUP BY kafka_partition`,
    ask,
  )
  const dead = await store.rows<[number, number]>(
    `SELECT kafka_partition, max(kafka_offset) FROM dead_letters WHERE topic_id = {topic:UUID} GROUP BY kafka_partition`,
    ask,
  )
  const points = new Map<number, ResumePoint>()
  for (const [partition, offset] of stored)
    points.set(partition, { stored: offset, indexed: -1, handled: offset })
  for (const [partition, offset] of dead) {
    const point = points.get(partition) ?? { stored: -1, indexed: -1, handled: -1 }
    points.set(partition, {
      stored: point.stored,
      indexed: offset,
      handled: Math.max(point.handled, offset),
    })
  }
  return points
}
