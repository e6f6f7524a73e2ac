import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import { insertThroughput } from '../store/throughput.ts'
import { total } from './figures.ts'
import type { PipelineMetrics, PipelineState } from './metrics.ts'

const MINUTE_MS = 60_000
/** How long the last row is waited for. */
const LAST_ROW_MS = 2_000

export interface HistoryOptions {
  store: Store
  metrics: Pick<PipelineMetrics, 'read' | 'readBytes' | 'stored' | 'deadLettered' | 'dropped'>
  state: Pick<PipelineState, 'lag' | 'lagSeconds'>
  log: Logger
  /** A minute unless said. */
  everyMs?: number
}

/**
 * Writes a row of lag and throughput each minute, from the process's own counters. A row that could not be written
 * is part of the next one: what was counted is subtracted only after it is stored.
 * @returns stops it, after a last row for what the minute had so far
 */
export function keepHistory(options: HistoryOptions): () => Promise<void> {
  const { store, metrics, state, log } = options
  const processId = randomUUID()
  let written = { at: Date.now(), read: 0, readBytes: 0, stored: 0, deadLettered: 0, skipped: 0 }
  let writing = Promise.resolve()

  async function write(): Promise<void> {
    const [read, readBytes, stored, deadLettered, skipped] = await Promise.all([
      total(metrics.read),
      total(metrics.readBytes),
      total(metrics.stored),
      total(metrics.deadLettered),
      total(metrics.dropped),
    ])
    const now = { at: Date.now(), read, readBytes, stored, deadLettered, skipped }
    try {
      await insertThroughput(store, {
        at: now.at,
        processId,
        seconds: Math.max(0, now.at - written.at) / 1000,
        read: read - written.read,
        readBytes: readBytes - written.readBytes,
        stored: stored - written.stored,
        deadLettered: deadLettered - written.deadLettered,
        skipped: skipped - written.skipped,
        lagOffsets: [...state.lag().values()].reduce((sum, offsets) => sum + offsets, 0),
        lagSeconds: Math.max(0, ...state.lagSeconds().values()),
      })
      written = now
    } catch (error) {
      log.warn({ reason: String(error).slice(0, 200) }, 'throughput not written; the next row has it')
    }
  }

  // One at a time: two rows at once would both hold the same counts.
  const next = () => {
    writing = writing.then(write)
    return writing
  }
  const timer = setInterval(() => void next(), options.everyMs ?? MINUTE_MS)
  return async () => {
    clearInterval(timer)
    // A store that does not answer must not keep the process from ending.
    const limit = Promise.withResolvers<void>()
    const waiting = setTimeout(limit.resolve, LAST_ROW_MS)
    await Promise.race([next(), limit.promise])
    clearTimeout(waiting)
  }
}
