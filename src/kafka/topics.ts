import { Admin, findErrorBy } from '@platformatic/kafka'
import { Failure } from '../failure.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { kafkaRefusal } from './refusal.ts'

export const PARTITIONS = 6

/** Name of the topic that takes what could not be stored of `topic`. */
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
  const admin = new Admin(clientOptions(connection, 'admin'))
  try {
    const [existing, cluster] = await Promise.all([admin.listTopics(), admin.metadata({ topics: [] })])
    const replicas = Math.min(3, Math.max(1, cluster.brokers.size))
    const minInsync = { name: 'min.insync.replicas', value: replicas === 3 ? '2' : '1' }
    const make = async (name: string, configs: { name: string; value: string }[]) => {
      if (existing.includes(name)) return
      try {
        await admin.createTopics({
          topics: [name],
          partitions: PARTITIONS,
          replicas,
          configs: [minInsync, ...configs],
        })
      } catch (error) {
        // Another process of ours may have been faster.
        if (!(error instanceof Error) || findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null)
          throw error
      }
    }
    await make(topic, [{ name: 'max.message.bytes', value: String(LARGEST_RECORD) }])
    if (deadLetters)
      await make(deadLetterTopic(topic), [
        { name: 'cleanup.policy', value: 'compact' },
        { name: 'max.message.bytes', value: String(LARGEST_DEAD_LETTER) },
      ])
  } catch (error) {
    const refusal = kafkaRefusal(error)
    if (refusal !== null) throw refusal
    throw new Failure(
      'TOPIC_UNAVAILABLE',
      `The topic ${topic} can be neither found nor made on ${connection.brokers.join(', ')}: ${kafkaReason(error)}. Check KAFKA_BROKERS, and KAFKA_TLS and KAFKA_SASL_MECHANISM where the brokers ask for them.`,
      { cause: error },
    )
  } finally {
    await admin.close()
  }
}
