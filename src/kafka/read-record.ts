import type { Logger } from 'pino'
import type { KafkaConnection } from './client.ts'
import { type FetchedRecord, lastOffsetOf } from './fetched-record.ts'
import { createFetcher, type Fetcher } from './fetcher.ts'

/** How long a single record is waited for. */
const PATIENCE_MS = 5_000

export interface RecordPlace {
  /** Kafka's id of the topic, which tells it from one of the same name before it. */
  topicId: string
  partition: number
  offset: number
}

/**
 * Reads records wherever they stand.
 * @returns in the order of the places; null for one that the topic no longer holds, or that could not be read in 5 s
 */
export async function readRecords(
  connection: KafkaConnection,
  { topic, log }: { topic: string; log: Logger },
  places: readonly RecordPlace[],
): Promise<(FetchedRecord | null)[]> {
  const gone = new Map<number, number>()
  const fetcher = createFetcher(connection, {
    topic,
    log,
    onMissing: (partition, _from, to) => gone.set(partition, to),
  })
  const found = new Map<string, FetchedRecord>()
  try {
    const topicId = await fetcher.topicId()
    for (const [partition, offsets] of byPartition(places.filter((place) => place.topicId === topicId))) {
      let reached = -1
      for (const offset of offsets) {
        if (offset < (gone.get(partition) ?? 0)) continue
        // Neighbours come in one answer, so what was read already is not asked for again.
        if (offset <= reached) continue
        for (const record of await readFrom(fetcher, partition, offset, gone)) {
          found.set(`${partition}/${record.offset}`, record)
          reached = lastOffsetOf(record)
        }
      }
    }
  } finally {
    await fetcher.close()
  }
  return places.map(({ partition, offset }) => found.get(`${partition}/${offset}`) ?? null)
}

async function readFrom(
  fetcher: Fetcher,
  partition: number,
  offset: number,
  gone: ReadonlyMap<number, number>,
): Promise<FetchedRecord[]> {
  fetcher.assign(new Map([[partition, offset]]))
  const deadline = performance.now() + PATIENCE_MS
  while (offset >= (gone.get(partition) ?? 0) && performance.now() < deadline) {
    const records = await fetcher.poll(250)
    if (records.length > 0) return records
  }
  return []
}

/** The offsets wanted of each partition, rising. */
function byPartition(places: readonly RecordPlace[]): Map<number, number[]> {
  const offsets = new Map<number, number[]>()
  for (const { partition, offset } of places)
    offsets.set(partition, [...(offsets.get(partition) ?? []), offset])
  for (const wanted of offsets.values()) wanted.sort((a, b) => a - b)
  return offsets
}
