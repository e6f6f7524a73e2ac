import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What the pipeline counts, under names after Prometheus' conventions (base units, `_total` for counters). */
export interface PipelineMetrics {
  read: Counter
  readBytes: Counter
  stored: Counter
  deadLettered: Counter<'reason'>
  dropped: Counter<'reason'>
  missing: Counter
  batchRecords: Histogram
  insertSeconds: Histogram
  stepSeconds: Counter<'step'>
  failures: Counter<'action'>
}

/** Makes the pipeline's metrics in a registry. */
export function pipelineMetrics(registry: Registry): PipelineMetrics {
  const registers = [registry]
  return {
    read: new Counter({
      name: 'playhead_records_read_total',
      help: 'Records read from the topic',
      registers,
    }),
    readBytes: new Counter({
      name: 'playhead_read_bytes_total',
      help: 'Bytes of the values of records read from the topic',
      registers,
    }),
    stored: new Counter({
      name: 'playhead_listens_stored_total',
      help: 'Listens stored',
      registers,
    }),
    deadLettered: new Counter({
      name: 'playhead_dead_letters_total',
      help: 'Records that could not be stored, by reason',
      labelNames: ['reason'],
      registers,
    }),
    dropped: new Counter({
      name: 'playhead_records_dropped_total',
      help: 'Records read again that were dropped, by reason',
      labelNames: ['reason'],
      registers,
    }),
    missing: new Counter({
      name: 'playhead_records_missing_total',
      help: 'Offsets that the topic no longer held when they were to be read',
      registers,
    }),
    batchRecords: new Histogram({
      name: 'playhead_batch_records',
      help: 'Records in a batch',
      buckets: [1, 10, 100, 1_000, 5_000, 10_000, 20_000, 50_000],
      registers,
    }),
    insertSeconds: new Histogram({
      name: 'playhead_insert_duration_seconds',
      help: 'Time an INSERT of a batch took',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    stepSeconds: new Counter({
      name: 'playhead_step_seconds_total',
      help: 'Time spent in each step of the pipeline',
      labelNames: ['step'],
      registers,
    }),
    failures: new Counter({
      name: 'playhead_delivery_failures_total',
      help: 'Attempts to deliver a batch that failed and were repeated, by what failed',
      labelNames: ['action'],
      registers,
    }),
  }
}

/** Makes the gauge of the lag; it asks for the figure when it is read. */
export function lagGauge(registry: Registry, lag: () => ReadonlyMap<number, number>): void {
  new Gauge({
    name: 'playhead_consumer_lag_offsets',
    help: 'Offsets between the end of a partition and what is stored of it',
    labelNames: ['partition'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [partition, offsets] of lag()) this.set({ partition }, offsets)
    },
  })
}
