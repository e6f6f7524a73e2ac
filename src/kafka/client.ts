import { isIP } from 'node:net'
import type { BaseOptions } from '@platformatic/kafka'
import type { KafkaSecurity } from '../settings/credentials.ts'
import { kafkaRefusal } from './refusal.ts'

/** How every client of Playhead reaches Kafka. */
export interface KafkaConnection {
  /** `host:port` of some brokers of the cluster. */
  brokers: readonly string[]
  /** Plain connections where it is left out. */
  security?: KafkaSecurity
}

// A connection that is silent for this long is closed, because it may be dead unnoticed. The limit has to be
// longer than the broker may hold a JoinGroup back, which is the session of those who share a group.
const REQUEST_MS = 12_000

/** Options that all Kafka clients share. */
export function clientOptions({ brokers, security }: KafkaConnection, role: string): BaseOptions {
  return {
    clientId: `playhead-${role}`,
    bootstrapBrokers: [...brokers],
    ...(security === undefined ? {} : securityOptions(security, brokers)),
    connectTimeout: 3_000,
    timeout: 10_000,
    requestTimeout: REQUEST_MS,
    retries: 3,
    retryDelay: 300,
    metadataMaxAge: 5_000,
  }
}

function securityOptions({ tls, sasl }: KafkaSecurity, brokers: readonly string[]): Partial<BaseOptions> {
  const options: Partial<BaseOptions> = {}
  if (tls !== null) {
    options.tls = {
      ...(tls.ca === null ? {} : { ca: tls.ca }),
      ...(tls.client === null ? {} : { cert: tls.client.certificate, key: tls.client.key }),
    }
    // Proxies before a cluster tell its brokers apart by the name asked for; an IP address is not allowed there.
    options.tlsServerName = !brokers.some((broker) => isIP(hostOf(broker)) !== 0)
  }
  if (sasl !== null) {
    const { mechanism, username, password } = sasl
    // As a function, so that nothing that shows the options of a client shows the password.
    options.sasl = { mechanism, username, password: () => password.reveal() }
  }
  return options
}

const hostOf = (broker: string) => broker.slice(0, broker.lastIndexOf(':')).replace(/^\[|\]$/g, '')

/** A short reason out of an error of the Kafka client, whose own messages nest and repeat. */
export function kafkaReason(error: unknown): string {
  const refusal = kafkaRefusal(error)
  if (refusal !== null) return `${refusal.code}: ${refusal.message}`
  if (error instanceof AggregateError && error.errors.length > 0) return kafkaReason(error.errors.at(-1))
  if (!(error instanceof Error)) return String(error)
  const { apiId } = error as { apiId?: unknown }
  const message = error.message.replace(/\.$/, '')
  if (typeof apiId === 'string') return `${apiId}: ${message}`
  const { cause } = error
  return cause instanceof Error ? `${message} (${'code' in cause ? cause.code : cause.message})` : message
}

/** The brokers that were named and how they are reached, or the one that `playhead up` starts on this machine. */
export function connectionOf(config: {
  kafkaBrokers: string[] | null
  kafkaSecurity: KafkaSecurity
  kafkaPort: number
}): KafkaConnection {
  if (config.kafkaBrokers === null) return { brokers: [`127.0.0.1:${config.kafkaPort}`] }
  return { brokers: config.kafkaBrokers, security: config.kafkaSecurity }
}
