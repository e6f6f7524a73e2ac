import { Admin } from '@platformatic/kafka'
import { clientOptions, type KafkaConnection } from './client.ts'

export interface KafkaProbe {
  /** Resolves when the cluster answers a metadata request about the topic. */
  ask(): Promise<void>
  /** Kafka's id of the topic; asked once. */
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
      known ??= (await metadata()).topics.get(topic)?.id ?? null
      if (known === null) throw new Error(`Kafka does not know the topic ${topic}`)
      return known
    },
    async close() {
      await admin.close()
    },
  }
}
