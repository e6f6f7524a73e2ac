import { Admin, ListOffsetTimestamps } from '@platformatic/kafka'
import { clientOptions, type KafkaConnection } from './client.ts'

/** A partition of the topic as the brokers have it, and how far the consumer group has come in it. */
export interface PartitionState {
  partition: number
  earliest: number
  /** Offset of the next record. */
  end: number
  /** The group's committed offset; null where it has committed none. */
  committed: number | null
  leader: number
  replicas: number
  inSync: number
}

/** A process that reads for the consumer group. */
export interface MemberState {
  id: string
  client: string
  host: string
  partitions: number[]
}

export interface TopicState {
  partitions: PartitionState[]
  group: { id: string; state: string; members: MemberState[] }
}

export interface TopicWatch {
  /** @throws what the client throws, when the cluster does not answer */
  ask(): Promise<TopicState>
  close(): Promise<void>
}

/** Asks the cluster about a topic and the group that reads it, so that the answer covers every process of the group. */
export function createTopicWatch(
  connection: KafkaConnection,
  { topic, groupId }: { topic: string; groupId: string },
): TopicWatch {
  const admin = new Admin({ ...clientOptions(connection, 'watch'), retries: 0, timeout: 2_500 })
  admin.on('error', () => {})

  async function offsets(indexes: readonly number[], timestamp: bigint): Promise<Map<number, number>> {
    const [listed] = await admin.listOffsets({
      topics: [{ name: topic, partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
    })
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]))
  }

  async function committed(): Promise<Map<number, number>> {
    const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] })
    const own = group?.topics.find(({ name }) => name === topic)
    return new Map(
      own?.partitions
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
    )
  }

  async function group(): Promise<TopicState['group']> {
    const described = (await admin.describeGroups({ groups: [groupId] })).get(groupId)
    const members = [...(described?.members.values() ?? [])].map(
      ({ id, clientId, clientHost, assignments }) => ({
        id,
        client: clientId,
        host: clientHost.replace(/^\//, ''),
        partitions: [...(assignments?.get(topic)?.partitions ?? [])].sort((a, b) => a - b),
      }),
    )
    return { id: groupId, state: described?.state ?? 'Dead', members }
  }

  return {
    async ask() {
      const metadata = (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)
      const known = metadata?.partitions ?? []
      const indexes = known.map((_, partition) => partition)
      const [earliest, ends, positions, readers] = await Promise.all([
        offsets(indexes, ListOffsetTimestamps.EARLIEST),
        offsets(indexes, ListOffsetTimestamps.LATEST),
        committed(),
        group(),
      ])
      return {
        partitions: known.map(({ leader, replicas, isr }, partition) => ({
          partition,
          earliest: earliest.get(partition) ?? 0,
          end: ends.get(partition) ?? 0,
          committed: positions.get(partition) ?? null,
          leader,
          replicas: replicas.length,
          inSync: isr.length,
        })),
        group: readers,
      }
    },
    async close() {
      await admin.close()
    },
  }
}
