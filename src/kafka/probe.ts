import { Admin } from '@platformatic/kafka'
import { Failure } from '../runtime/failure.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'

export interface KafkaProbe {
  /** Resolves when the cluster answers a metadata request about the topic. */
  ask(): Promise<void>
  /**
   * Kafka's id of the topic; asked once.
   * @throws Failure KAFKA_UNAVAILABLE
   */
  topicId(): Promise<string>
  close(): Promise<void>
}

/** A small client that finds out whether the cluster answers. */
export function createProbe(connection: KafkaConnection, topic: string): KafkaProbe {
  const admin = new Admin({ ...clientOptions(connection, 'probe'), retries: 0, timeout: 2_500 })
  admin.on('error', () => {})
  let known: string | null = null
  const metadata = () => admin.metadata({ topics: [topic], forceUpdate: true })
  return {
    async ask() {
      await metadata()
    },
    async topicId() {
      try {
        known ??= (await metadata()).topics.get(topic)?.id ?? null
      } catch (error) {
        throw new Failure(
          'KAFKA_UNAVAILABLE',
          `Kafka did not say which topic ${topic} is: ${kafkaReason(error)}. Check that the broker runs and try again.`,
          { cause: error },
        )
      }
      if (known === null) throw new Error(`Kafka does not know the topic ${topic}`)
      return known
    },
    async close() {
      await admin.close()
    },
  }
}
