import { type CompressionAlgorithmValue, Producer } from '@platformatic/kafka'
import { Failure } from '../runtime/failure.ts'
import { slicesOf } from '../runtime/slices.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { partitionHash } from './partitioner.ts'
import { produceOutcome } from './produce-outcome.ts'
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
const REQUEST = { records: Number.POSITIVE_INFINITY, bytes: 900_000 }

/** A record, the partition that it goes to, and its offset there; -1 until it is acknowledged. */
interface Placed extends Acknowledged {
  record: OutgoingRecord
}

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

  /** Chooses the partition of each record: for a key the same as Kafka's own clients choose. */
  async function place(records: readonly OutgoingRecord[]): Promise<Placed[]> {
    const { topics } = await producer.metadata({ topics: [topic] }).catch((error) => {
      throw failureOf(error)
    })
    const count = topics.get(topic)?.partitionsCount ?? 1
    return records.map((record) => {
      const { key, partition = key === null ? 0 : partitionHash(key) } = record
      return { record, partition: partition % count, offset: -1 }
    })
  }

  async function sendRequest(placed: readonly Placed[]): Promise<void> {
    const { offsets = [] } = await producer.send({
      messages: placed.map(({ record: { headers, key, value }, partition }) => ({
        topic,
        partition,
        ...(key === null ? {} : { key }),
        ...(value === null ? {} : { value }),
        ...(headers === undefined ? {} : { headers: headerMap(headers) }),
      })),
    })
    acknowledge(placed, new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)])))
  }

  /**
   * Sends a request. Where the records of a partition are too large together, they are sent again in halves. No other
   * record is sent again, because it was accepted or may have been.
   */
  async function sendInHalves(placed: readonly Placed[]): Promise<void> {
    try {
      await sendRequest(placed)
    } catch (error) {
      const { accepted, tooLarge } = produceOutcome(error)
      for (const [partition, same] of Map.groupBy(placed, (one) => one.partition)) {
        if (accepted.has(partition)) acknowledge(same, accepted)
        else if (!tooLarge.has(partition)) throw failureOf(error)
        else if (same.length === 1) throw kafkaRefusal(error) ?? tooLargeFor(topic, error)
        else {
          const middle = same.length >> 1
          await sendInHalves(same.slice(0, middle))
          await sendInHalves(same.slice(middle))
        }
      }
    }
  }

  return {
    async send(records) {
      const placed = await place(records)
      for (const request of slicesOf(placed, ({ record }) => sizeOf(record), REQUEST))
        await sendInHalves(request)
      return placed.map(({ partition, offset }) => ({ partition, offset }))
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

/**
 * Notes the offsets of acknowledged records.
 * @param next by partition: the offset of the first record; the others follow it
 */
function acknowledge(placed: readonly Placed[], next: Map<number, number>): void {
  for (const one of placed) {
    const offset = next.get(one.partition)
    if (offset === undefined) throw new Error(`the broker did not acknowledge partition ${one.partition}`)
    next.set(one.partition, offset + 1)
    one.offset = offset
  }
}

function tooLargeFor(topic: string, cause: unknown): Failure {
  return new Failure(
    'KAFKA_RECORD_TOO_LARGE',
    `The record is larger than the topic ${topic} accepts. Send a smaller one, or raise max.message.bytes of the topic.`,
    { cause },
  )
}

function failureOf(cause: unknown): Failure {
  return (
    kafkaRefusal(cause) ??
    new Failure(
      'KAFKA_UNAVAILABLE',
      `Kafka did not acknowledge the records: ${kafkaReason(cause)}. Check that the broker runs and try again.`,
      { cause },
    )
  )
}

/** As the client takes headers. The names are different objects, so that one name may be there twice. */
function headerMap(headers: NonNullable<OutgoingRecord['headers']>): Map<Buffer, Buffer | null> {
  return new Map([...headers].map(([name, value]) => [Buffer.from(name), value]))
}
