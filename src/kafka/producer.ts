import { type CompressionAlgorithmValue, Producer } from '@platformatic/kafka'
import { Failure } from '../runtime/failure.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { partitionHash } from './partitioner.ts'
import { kafkaRefusal } from './refusal.ts'

export interface OutgoingRecord {
  /** Null for none; then `partition` decides, or chance. */
  key: Buffer | null
  /** Null is a tombstone. */
  value: Buffer | null
  headers?: ReadonlyMap<string, Buffer>
  /** Which partition, where it is not the key that decides. */
  partition?: number
}

/** Where an acknowledged record stands. */
export interface Acknowledged {
  partition: number
  offset: number
}

export interface TopicProducer {
  /**
   * Sends records and resolves when every in-sync replica has them.
   * @throws Failure KAFKA_UNAVAILABLE when they were not acknowledged; a retry can help. Or one of {@link kafkaRefusal}
   */
  send(records: readonly OutgoingRecord[]): Promise<Acknowledged[]>
  close(): Promise<void>
}

/** The most one request may carry, so that it stays below what brokers accept by default (1 MB). */
const REQUEST_BYTES = 900_000

/**
 * An idempotent producer (acks=all) for one topic.
 * @param options.retries how often a request is repeated before it fails, 300 ms apart
 */
export function createProducer(
  connection: KafkaConnection,
  options: { topic: string; role: string; retries: number; compression: CompressionAlgorithmValue },
): TopicProducer {
  const producer = new Producer<Buffer, Buffer, string, Buffer>({
    ...clientOptions(connection, options.role),
    idempotent: true,
    retries: options.retries,
    compression: options.compression,
    // The same partition for a key as Kafka's own clients choose.
    partitioner: (_message, key) => (key === undefined ? 0 : partitionHash(key)),
    serializers: {
      headerKey: (text) => (text === undefined ? undefined : Buffer.from(text)),
      headerValue: (bytes) => bytes,
    },
  })

  async function sendRequest(records: readonly OutgoingRecord[]): Promise<Acknowledged[]> {
    try {
      const { offsets = [] } = await producer.send({
        messages: records.map(({ headers, key, value, ...record }) => ({
          topic: options.topic,
          ...record,
          ...(key === null ? {} : { key }),
          ...(value === null ? {} : { value }),
          ...(headers === undefined ? {} : { headers: new Map(headers) }),
        })),
      })
      return offsets.map(({ partition, offset }) => ({ partition, offset: Number(offset) }))
    } catch (error) {
      const refusal = kafkaRefusal(error)
      if (refusal !== null) throw refusal
      throw new Failure(
        'KAFKA_UNAVAILABLE',
        `Kafka did not acknowledge the records: ${kafkaReason(error)}. Check that the broker runs and try again.`,
        { cause: error },
      )
    }
  }

  return {
    async send(records) {
      const acknowledged: Acknowledged[] = []
      let from = 0
      while (from < records.length) {
        let to = from
        let bytes = 0
        for (let record = records[to]; record !== undefined; record = records[++to]) {
          bytes += (record.value?.length ?? 0) + (record.key?.length ?? 0) + 64
          if (to > from && bytes > REQUEST_BYTES) break
        }
        acknowledged.push(...(await sendRequest(records.slice(from, to))))
        from = to
      }
      return acknowledged
    },
    async close() {
      await producer.close()
    },
  }
}
