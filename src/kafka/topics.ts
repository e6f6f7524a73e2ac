import { Admin, findErrorBy } from '@platformatic/kafka'
import { Failure } from '../runtime/failure.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { kafkaRefusal } from './refusal.ts'

export const PARTITIONS = 6

/** Returns the name of the dead-letter topic of `topic`. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`
}

const MiB = 1_048_576
// A record over 1 MiB is refused by the pipeline, not by the broker, so that it ends in the dead letters where
// somebody can see it. The dead-letter topic takes a little more, for the headers.
export const LARGEST_RECORD = 4 * MiB
export const LARGEST_DEAD_LETTER = LARGEST_RECORD + 64 * 1024

/**
 * Makes the topic and its dead-letter topic where they are absent, with as many replicas as the cluster has
 * brokers, three at most. What exists is left as it is, and needs no right to make topics.
 * @param options.deadLetters false for who only writes or reads the topic itself
 * @throws Failure TOPIC_UNAVAILABLE when the cluster does not let the topic be made or found, or one of
 *   {@link kafkaRefusal}
 */
export async function ensureTopics(
  connection: KafkaConnection,
  topic: string,
  { deadLetters = true }: { deadLetters?: boolean } = {},
): Promise<void> {
  const topics: Wanted[] = [
    { name: topic, partitions: PARTITIONS, settings: { 'max.message.bytes': LARGEST_RECORD } },
  ]
  if (deadLetters)
    topics.push({
      name: deadLetterTopic(topic),
      partitions: PARTITIONS,
      settings: { 'cleanup.policy': 'compact', 'max.message.bytes': LARGEST_DEAD_LETTER },
    })
  await ensure(connection, topics)
}

/**
 * Creates the topic on which processes report the state of their outputs, if it is absent.
 * @throws Failure TOPIC_UNAVAILABLE, or one of {@link kafkaRefusal}
 */
export async function ensureReportTopic(connection: KafkaConnection, name: string): Promise<void> {
  await ensure(connection, [{ name, partitions: 1, settings: REPORT_TOPIC_SETTINGS }])
}

/** Settings of the topic on which processes report the state of their outputs. */
export const REPORT_TOPIC_SETTINGS = {
  'cleanup.policy': 'compact,delete',
  'retention.ms': 86_400_000,
  // Only what is no longer written to can be cleaned up.
  'segment.ms': 3_600_000,
}

interface Wanted {
  name: string
  partitions: number
  settings: Record<string, string | number>
}

async function ensure(connection: KafkaConnection, topics: readonly Wanted[]): Promise<void> {
  const admin = new Admin(clientOptions(connection, 'admin'))
  let sought = ''
  try {
    const [existing, cluster] = await Promise.all([admin.listTopics(), admin.metadata({ topics: [] })])
    const replicas = Math.min(3, Math.max(1, cluster.brokers.size))
    const minInsync = replicas === 3 ? 2 : 1
    for (const { name, partitions, settings } of topics) {
      if (existing.includes(name)) continue
      sought = name
      try {
        await admin.createTopics({
          topics: [name],
          partitions,
          replicas,
          configs: Object.entries({ 'min.insync.replicas': minInsync, ...settings }).map(([name, value]) => ({
            name,
            value: String(value),
          })),
        })
      } catch (error) {
        // Another process of ours may have been faster.
        if (!(error instanceof Error) || findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null)
          throw error
      }
    }
  } catch (error) {
    const refusal = kafkaRefusal(error)
    if (refusal !== null) throw refusal
    throw new Failure(
      'TOPIC_UNAVAILABLE',
      `The topic ${sought || topics[0]?.name} can be neither found nor made on ${connection.brokers.join(', ')}: ${kafkaReason(error)}. Check KAFKA_BROKERS, and KAFKA_TLS and KAFKA_SASL_MECHANISM where the brokers ask for them.`,
      { cause: error },
    )
  } finally {
    await admin.close()
  }
}
