import { setImmediate } from 'node:timers/promises'
import type { BatchReader, Room } from './batch-reader.ts'
import type { FetchedRecord } from './fetched-record.ts'

/** The most that is taken at a time; the last record may exceed the bytes. */
export const TAKE = {
  /** Few enough that most are garbage before the collector has to move them. */
  records: 1_000,
  bytes: 1_048_576,
} as const

/** Responses of brokers, whose records are read when they are taken. It holds the response that is read and one more. */
export interface ReadQueue {
  /** Whether a response of this broker waits; the broker is then not asked for more. */
  has(node: number): boolean
  add(node: number, readers: BatchReader[]): void
  /** Reads some records, by rising offsets of each partition; none when nothing waits. */
  take(): Promise<FetchedRecord[]>
  /** First offset of each partition that waits. */
  positions(): Map<number, number>
  clear(): void
}

export function createReadQueue(): ReadQueue {
  const responses = new Map<number, BatchReader[]>()
  let reading: BatchReader[] = []

  /** Takes all responses, so that their brokers can be asked for the next ones. */
  function takeResponses(): void {
    reading = [...responses.values()].flat()
    responses.clear()
  }

  return {
    has: (node) => responses.has(node),
    add(node, readers) {
      responses.set(node, readers)
    },
    async take() {
      const records: FetchedRecord[] = []
      const room: Room = { ...TAKE }
      if (reading.length === 0) takeResponses()
      const mine = reading
      while (room.records > 0 && room.bytes > 0) {
        const [reader] = mine
        if (reader === undefined) break
        const found = await reader.take(room)
        // Cleared: these records are of positions that are no longer wanted.
        if (mine !== reading) return []
        for (const record of found) records.push(record)
        if (reader.isDone) mine.shift()
        else if (found.length === 0) await setImmediate()
      }
      return records
    },
    positions() {
      const first = new Map<number, number>()
      for (const { partition, position } of [...reading, ...[...responses.values()].flat()])
        if (!first.has(partition)) first.set(partition, position)
      return first
    },
    clear() {
      responses.clear()
      reading = []
    },
  }
}
