import type { Batch } from './batch.ts'
import type { PipelineMetrics } from './metrics.ts'

/** Listens of a batch whose delays are observed; all of a small batch, an even sample of a large one. */
const SAMPLE = 64

/**
 * Counts a batch that is stored, and how long its listens took. Observing each of 100,000 listens a second would cost
 * more than the figure is worth, so large batches are sampled.
 * @param now milliseconds since 1970
 * @param monotonic milliseconds of the monotonic clock, which the batch's start is measured by
 */
export function observeStored(
  metrics: Pick<PipelineMetrics, 'delay' | 'storedBytes' | 'lastStored'>,
  { rows, startedAt }: Batch,
  now: number,
  monotonic: number,
): void {
  if (rows.length === 0) return
  metrics.storedBytes.inc(rows.reduce((sum, { bytes }) => sum + bytes, 0))
  metrics.lastStored.set(now / 1000)
  const stride = Math.ceil(rows.length / SAMPLE)
  for (let at = 0; at < rows.length; at += stride) {
    const row = rows[at]
    if (row === undefined) continue
    // Clocks of other machines may run ahead of ours.
    metrics.delay.observe({ from: 'event' }, Math.max(0, now / 1000 - row.playedAt))
    metrics.delay.observe({ from: 'acknowledged' }, Math.max(0, (now - row.record.timestamp) / 1000))
  }
  // Of the record that has waited longest; it stands for its batch.
  if (startedAt !== null) metrics.delay.observe({ from: 'read' }, (monotonic - startedAt) / 1000)
}
