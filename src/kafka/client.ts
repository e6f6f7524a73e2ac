import type { BaseOptions } from '@platformatic/kafka'

/** How every client of Playhead reaches Kafka. */
export interface KafkaConnection {
  /** `host:port` of some brokers of the cluster. */
  brokers: readonly string[]
}

// A connection that is silent for so long is given up, for it may be dead without anybody having been told. It has to be
// longer than the broker may hold a JoinGroup back, which is the session of those who share a group.
const REQUEST_MS = 12_000

/** Options that all Kafka clients share. */
export function clientOptions({ brokers }: KafkaConnection, role: string): BaseOptions {
  return {
    clientId: `playhead-${role}`,
    bootstrapBrokers: [...brokers],
    connectTimeout: 3_000,
    timeout: 10_000,
    requestTimeout: REQUEST_MS,
    retries: 3,
    retryDelay: 300,
    metadataMaxAge: 5_000,
  }
}

/** A short reason out of an error of the Kafka client, whose own messages nest and repeat. */
export function kafkaReason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return kafkaReason(error.errors.at(-1))
  if (!(error instanceof Error)) return String(error)
  const { apiId } = error as { apiId?: unknown }
  return typeof apiId === 'string' ? `${apiId}: ${error.message}` : error.message
}

/** The brokers that were named, or the one that `playhead up` starts on this machine. */
export function brokersOf(config: { kafkaBrokers: string[] | null; kafkaPort: number }): string[] {
  return config.kafkaBrokers ?? [`127.0.0.1:${config.kafkaPort}`]
}
