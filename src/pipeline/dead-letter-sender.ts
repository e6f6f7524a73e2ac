import type { Logger } from 'pino'
import { bytesOf } from '../kafka/fetched-record.ts'
import type { TopicProducer } from '../kafka/producer.ts'
import { LARGEST_RECORD } from '../kafka/topics.ts'
import { Failure } from '../runtime/failure.ts'
import { slicesOf } from '../runtime/slices.ts'
import type { DeadRecord } from './batch.ts'
import { deadLetterRecord } from './dead-letter.ts'
import { fitted } from './fitted.ts'

/** Sizes that copies are cut to, in bytes: our own topic takes the first, Kafka's default the second. */
const LIMITS = [LARGEST_RECORD, 900_000, 64 * 1_024, 8 * 1_024]

/** Dead letters that are copied and sent at a time. */
const SLICE = { records: 2_000, bytes: 900_000 }

export interface DeadLetterSender {
  /**
   * Sends dead letters. A copy that is larger than the topic takes is cut until it fits; where even the smallest does
   * not, the dead letter is only in the index.
   * @param idOf the id under which the partition of a dead letter is stored
   * @param failedAt milliseconds since 1970
   */
  send(dead: readonly DeadRecord[], idOf: (dead: DeadRecord) => string, failedAt: number): Promise<void>
}

/** @param options.topic the topic of the sources */
export function createDeadLetterSender(options: {
  topic: string
  producer: TopicProducer
  log: Logger
}): DeadLetterSender {
  const { topic, producer, log } = options
  /** Of {@link LIMITS}, the one that the topic takes as far as is known. */
  let limits = LIMITS

  return {
    async send(dead, idOf, failedAt) {
      // Copies are made slice by slice, because each takes time and memory.
      for (const slice of slicesOf(dead, ({ record }) => bytesOf(record), SLICE))
        await sendSlice(slice, idOf, failedAt)
    },
  }

  async function sendSlice(...[dead, idOf, failedAt]: Parameters<DeadLetterSender['send']>): Promise<void> {
    for (let [limit] = limits; limit !== undefined; [limit] = limits) {
      const size = limit
      const copies = dead.map((one) => {
        const copy = { ...one, record: fitted(one.record, size) }
        return deadLetterRecord(copy, { topic, topicId: idOf(one) }, failedAt)
      })
      try {
        await producer.send(copies)
        return
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'KAFKA_RECORD_TOO_LARGE') throw error
        limits = limits.slice(1)
        log.warn(
          { bytes: limit },
          'the dead-letter topic refused a copy as too large; cutting copies further',
        )
      }
    }
    log.error(
      { records: dead.length },
      'the dead-letter topic takes not even small copies; these dead letters are only in the index: raise its max.message.bytes',
    )
  }
}
