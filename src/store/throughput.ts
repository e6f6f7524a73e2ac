import type { Store } from './store.ts'

/** What one pipeline process did over a stretch of time, and how far behind it was at its end. */
export interface Throughput {
  /** The end of the stretch, in milliseconds since 1970. */
  at: number
  processId: string
  /** How long the stretch was. */
  seconds: number
  read: number
  readBytes: number
  stored: number
  deadLettered: number
  /** Records read again that the store had already. */
  skipped: number
  lagOffsets: number
  lagSeconds: number
}

/** Adds a row to the history of throughput. */
export function insertThroughput(store: Store, row: Throughput): Promise<void> {
  return store.insert(
    {
      table: 'throughput_history',
      columns: [
        'at',
        'process_id',
        'seconds',
        'read',
        'read_bytes',
        'stored',
        'dead_lettered',
        'skipped',
        'lag_offsets',
        'lag_seconds',
      ],
    },
    [
      JSON.stringify([
        (row.at / 1000).toFixed(3),
        row.processId,
        row.seconds,
        row.read,
        row.readBytes,
        row.stored,
        row.deadLettered,
        row.skipped,
        row.lagOffsets,
        row.lagSeconds,
      ]),
    ],
  )
}
