import {
  type API,
  type Callback,
  Consumer,
  createAPI,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
  kGetApi,
  ProtocolError,
  type Reader,
  ResponseError,
} from '@platformatic/kafka'
import { type RecordBatch, splitBatches } from './record-batch.ts'
import type { AbortedTransaction } from './transactions.ts'

/** A broker's Fetch response for one partition. */
export interface FetchedPartition {
  partition: number
  /** Offset after the last record that all replicas have. */
  highWatermark: number
  /** Batches of all transactions, aborted ones included. */
  batches: RecordBatch[]
  aborted: AbortedTransaction[]
  /** Why the broker gave no records of it; null where it did. */
  error: ProtocolError | null
  /** Set where the log is no longer the one that was read before: its end in the epoch that both have (KIP-595). */
  diverging: EpochEnd | null
}

/** Where a leader epoch ends in the log of a broker. */
export interface EpochEnd {
  epoch: number
  endOffset: number
}

/** The versions of the request that name a topic by its id (Kafka 3.1 and later). */
const REQUESTS = new Map([
  [13, fetchV13],
  [14, fetchV14],
  [15, fetchV15],
  [16, fetchV16],
  [17, fetchV17],
])

/**
 * A consumer whose fetch gives batches instead of records: the client's own reading makes objects of all records of a response
 * at once, which then live as long as it, and looks at no checksum.
 */
export class BatchConsumer extends Consumer {
  override [kGetApi]<Request extends unknown[], Response>(
    name: string,
    callback: Callback<API<Request, Response>>,
  ): void {
    super[kGetApi]<Request, Response>(name, (error, api) => {
      if (error !== null || api === undefined || name !== 'Fetch') return callback(error, api)
      const version = REQUESTS.get(api.version)
      if (version === undefined)
        return callback(
          new Error(`The broker is too old: Kafka 3.1 or later is needed (it offers Fetch ${api.version}).`),
        )
      callback(
        null,
        createAPI<Request, Response>(api.key, api.version, version.createRequest, parse as () => Response),
      )
    })
  }

  /**
   * Asks a broker for records as `fetch` does. A partition that the broker refuses has its `error`; the others have their records.
   * @throws ResponseError with the protocol's code where the broker refuses the whole request
   */
  async fetchBatches(request: Parameters<Consumer['fetch']>[0]): Promise<FetchedPartition[]> {
    const answer = (await this.fetch(request)) as unknown as Answer
    return answer.responses.flatMap(({ partitions }) => partitions)
  }
}

/** What the client itself looks at, and ours. */
interface Answer {
  throttleTimeMs: number
  errorCode: number
  sessionId: number
  responses: {
    topicId: string
    partitions: (FetchedPartition & { partitionIndex: number })[]
  }[]
}

const COMPACT = true
const SKIP_TAGS = true
const DIVERGING_EPOCH = 0

function readDiverging(reader: Reader): EpochEnd | null {
  let diverging: EpochEnd | null = null
  const tags = reader.readUnsignedVarInt()
  for (let read = 0; read < tags; read += 1) {
    const tag = reader.readUnsignedVarInt()
    const length = reader.readUnsignedVarInt()
    if (tag !== DIVERGING_EPOCH) {
      reader.skip(length)
      continue
    }
    diverging = { epoch: reader.readInt32(), endOffset: Number(reader.readInt64()) }
    reader.readTaggedFields()
  }
  return diverging
}

/**
 * Reads a Fetch response of versions 13 to 17 (Kafka protocol guide). Of the tagged fields only `diverging_epoch` is used.
 * @throws ResponseError when the response is an error as a whole
 */
export function parse(_correlation: number, key: number, version: number, reader: Reader): Answer {
  const throttleTimeMs = reader.readInt32()
  const errorCode = reader.readInt16()
  const sessionId = reader.readInt32()
  const responses = reader.readArray((topic) => ({
    topicId: topic.readUUID(),
    partitions: topic.readArray(
      (answer) => {
        const partition = answer.readInt32()
        const code = answer.readInt16()
        const highWatermark = Number(answer.readInt64())
        // Last stable offset and start of the log.
        answer.skip(16)
        const aborted = answer.readArray((transaction) => ({
          producerId: Number(transaction.readInt64()),
          firstOffset: Number(transaction.readInt64()),
        }))
        const preferredReadReplica = answer.readInt32()
        const batches = splitBatches(answer.readBytes())
        const diverging = readDiverging(answer)
        return {
          partition,
          partitionIndex: partition,
          error: code === 0 ? null : new ProtocolError(code),
          highWatermark,
          preferredReadReplica,
          aborted,
          batches,
          diverging,
        }
      },
      COMPACT,
      !SKIP_TAGS,
    ),
  }))
  reader.readTaggedFields()
  const answer = { throttleTimeMs, errorCode, sessionId, responses }
  if (errorCode !== 0) throw new ResponseError(key, version, { '': [errorCode, null] }, answer)
  return answer
}
