import type { Logger } from 'pino'
import type { KafkaConnection } from './client.ts'
import { createFetcher, type FetchedRecord } from './fetcher.ts'

const PATIENCE_MS = 5_000

export interface RecordPlace {
  /** Kafka's id of the topic, which tells it from one of the same name before it. */
  topicId: string
  partition: number
  offset: number
}

/** Reads one record. @returns null when the topic no longer holds it, or it could not be read in 5 s */
export async function readRecord(
  connection: KafkaConnection,
  { topic, log }: { topic: string; log: Logger },
  { topicId, partition, offset }: RecordPlace,
): Promise<FetchedRecord | null> {
  let gone = false
  const fetcher = createFetcher(connection, {
    topic,
    log,
    onMissing: () => {
      gone = true
    },
  })
  try {
    if ((await fetcher.topicId()) !== topicId) return null
    fetcher.assign(new Map([[partition, offset]]))
    const deadline = performance.now() + PATIENCE_MS
    while (!gone && performance.now() < deadline) {
      const [first] = await fetcher.poll(250)
      if (first !== undefined) return first.offset === offset ? first : null
    }
    return null
  } finally {
    await fetcher.close()
  }
}
