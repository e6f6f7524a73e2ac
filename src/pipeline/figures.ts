import type { Counter, Histogram } from 'prom-client'
import type { PipelineMetrics, PipelineState } from './metrics.ts'

/** What the pipeline of this process has done since it started, and what it holds now. */
export interface PipelineFigures {
  read: number
  stored: number
  /** Records that were read again and skipped. */
  dropped: number
  deadLettered: number
  /** Offsets that the topic no longer held. */
  missing: number
  rebalances: number
  /** Records in the batch that grows. */
  batch: number
  /** Records in the batch that is being stored. */
  inFlight: number
  /** Average time of an INSERT; null before the first. */
  insertSeconds: number | null
  stepSeconds: { step: string; seconds: number }[]
}

/** Reads the figures from the pipeline's own metrics, so that nothing is counted twice. */
export async function pipelineFigures(
  metrics: Pick<
    PipelineMetrics,
    'read' | 'stored' | 'dropped' | 'deadLettered' | 'missing' | 'insertSeconds' | 'stepSeconds'
  >,
  state: Pick<PipelineState, 'waiting' | 'rebalances'>,
): Promise<PipelineFigures> {
  const [read, stored, dropped, deadLettered, missing, insertSeconds, steps] = await Promise.all([
    total(metrics.read),
    total(metrics.stored),
    total(metrics.dropped),
    total(metrics.deadLettered),
    total(metrics.missing),
    average(metrics.insertSeconds),
    metrics.stepSeconds.get(),
  ])
  return {
    ...{ read, stored, dropped, deadLettered, missing, insertSeconds },
    rebalances: state.rebalances(),
    ...state.waiting(),
    stepSeconds: steps.values.map(({ value, labels }) => ({ step: String(labels.step), seconds: value })),
  }
}

/** A counter over all of its labels. */
export async function total(counter: Counter): Promise<number> {
  const { values } = await counter.get()
  return values.reduce((sum, { value }) => sum + value, 0)
}

async function average(histogram: Histogram): Promise<number | null> {
  const { name, values } = await histogram.get()
  const sumOf = (metricName: string) =>
    values.reduce((sum, one) => (one.metricName === metricName ? sum + one.value : sum), 0)
  const count = sumOf(`${name}_count`)
  return count === 0 ? null : sumOf(`${name}_sum`) / count
}
