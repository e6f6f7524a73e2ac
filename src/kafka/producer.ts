import { type CompressionAlgorithmValue, findErrorBy, Producer } from '@platformatic/kafka'
import { Failure } from '../runtime/failure.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { partitionHash } from './partitioner.ts'
import { kafkaRefusal } from './refusal.ts'

export interface OutgoingRecord {
  /** Null for none; then the record goes to `partition`, or to the first one. */
  key: Buffer | null
  /** Null is a tombstone. */
  value: Buffer | null
  /** In this order; a name may be there twice, and a value may be null. */
  headers?: Iterable<readonly [name: string | Buffer, value: Buffer | null]>
  /** Which partition, where it is not the key that decides. */
  partition?: number
}

/** The place of an acknowledged record. */
export interface Acknowledged {
  partition: number
  offset: number
}

export interface TopicProducer {
  /**
   * Sends records and resolves when every in-sync replica has them.
   * @returns the place of each record, in their order
   * @throws Failure KAFKA_UNAVAILABLE when they were not acknowledged; a retry can help. KAFKA_RECORD_TOO_LARGE when the
   *   topic does not accept a record of this size; a retry cannot help. Or one of {@link kafkaRefusal}
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
  const { topic } = options
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer | null>({
    ...clientOptions(connection, options.role),
    idempotent: true,
    retries: options.retries,
    compression: options.compression,
    serializers: {
      headerKey: (bytes) => bytes,
      // The client writes null as null, though its types do not say so.
      headerValue: (bytes) => bytes as Buffer | undefined,
    },
  })

  /** The partition of each record: for a key the same as Kafka's own clients choose. */
  async function partitionsOf(records: readonly OutgoingRecord[]): Promise<number[]> {
    const count = (await producer.metadata({ topics: [topic] })).topics.get(topic)?.partitionsCount ?? 1
    return records.map(({ key, partition }) => (partition ?? (key === null ? 0 : partitionHash(key))) % count)
  }

  /** Sends a request, and one that is too large for the topic in halves. */
  async function sendInHalves(records: readonly OutgoingRecord[]): Promise<Acknowledged[]> {
    try {
      return await sendRequest(records)
    } catch (error) {
      if (!isTooLarge(error) || records.length === 1) throw failureOf(error, topic)
      const middle = records.length >> 1
      return [
        ...(await sendInHalves(records.slice(0, middle))),
        ...(await sendInHalves(records.slice(middle))),
      ]
    }
  }

  async function sendRequest(records: readonly OutgoingRecord[]): Promise<Acknowledged[]> {
    const partitions = await partitionsOf(records)
    const { offsets = [] } = await producer.send({
      messages: records.map(({ headers, key, value }, index) => ({
        topic,
        partition: partitions[index] ?? 0,
        ...(key === null ? {} : { key }),
        ...(value === null ? {} : { value }),
        ...(headers === undefined ? {} : { headers: headerMap(headers) }),
      })),
    })
    // The broker answers with the offset of the first record of each partition; the others follow it.
    const next = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]))
    return partitions.map((partition) => {
      const offset = next.get(partition)
      if (offset === undefined) throw new Error(`the broker did not acknowledge partition ${partition}`)
      next.set(partition, offset + 1)
      return { partition, offset }
    })
  }

  return {
    async send(records) {
      const acknowledged: Acknowledged[] = []
      let from = 0
      while (from < records.length) {
        let to = from
        let bytes = 0
        for (let record = records[to]; record !== undefined; record = records[++to]) {
          bytes += sizeOf(record)
          if (to > from && bytes > REQUEST_BYTES) break
        }
        acknowledged.push(...(await sendInHalves(records.slice(from, to))))
        from = to
      }
      return acknowledged
    },
    async close() {
      await producer.close()
    },
  }
}

/** Bytes of a record in a request, at most. */
function sizeOf({ key, value, headers = [] }: OutgoingRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0) + 64
  for (const [name, text] of headers) bytes += Buffer.byteLength(name) + (text?.length ?? 0) + 16
  return bytes
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].some((id) => findErrorBy(error, 'apiId', id) !== null)
  )
}

function failureOf(error: unknown, topic: string): Failure {
  const refusal = kafkaRefusal(error)
  if (refusal !== null) return refusal
  const cause = { cause: error }
  if (isTooLarge(error))
    return new Failure(
      'KAFKA_RECORD_TOO_LARGE',
      `The record is larger than the topic ${topic} accepts. Send a smaller one, or raise max.message.bytes of the topic.`,
      cause,
    )
  return new Failure(
    'KAFKA_UNAVAILABLE',
    `Kafka did not acknowledge the records: ${kafkaReason(error)}. Check that the broker runs and try again.`,
    cause,
  )
}

/** As the client takes headers. The names are different objects, so that one name may be there twice. */
function headerMap(headers: NonNullable<OutgoingRecord['headers']>): Map<Buffer, Buffer | null> {
  return new Map([...headers].map(([name, value]) => [Buffer.from(name), value]))
}
