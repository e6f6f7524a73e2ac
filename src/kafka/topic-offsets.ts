import { type Consumer, ListOffsetTimestamps } from '@platformatic/kafka'

/** The id, the leaders, and the offsets of a topic, as the cluster knows them. */
export interface TopicOffsets {
  /** Kafka's id of the topic. */
  topicId(): Promise<string>
  /** Offset of the first record that the topic still holds, by partition. */
  earliest(): Promise<Map<number, number>>
  /** Offset that the next record of each partition will get. */
  latest(): Promise<Map<number, number>>
  /** Those of some partitions that have a leader, by the node that leads them. */
  leadersOf(partitions: readonly number[]): Promise<{ id: string; leaders: Map<number, number[]> }>
}

export function createTopicOffsets(consumer: Consumer, topic: string): TopicOffsets {
  consumer.topics.track(topic)

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

  return {
    topicId: async () => (await topicMetadata()).id,
    earliest: () => listOffsets(ListOffsetTimestamps.EARLIEST),
    latest: () => listOffsets(ListOffsetTimestamps.LATEST),
    async leadersOf(wanted) {
      const { id, partitions } = await topicMetadata()
      const leaders = new Map<number, number[]>()
      for (const partition of wanted) {
        const leader = partitions[partition]?.leader
        if (leader === undefined || leader < 0) continue
        leaders.set(leader, [...(leaders.get(leader) ?? []), partition])
      }
      return { id, leaders }
    },
  }
}
