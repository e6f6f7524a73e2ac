import { Counter, Histogram, type Registry } from 'prom-client'

/** Metrics of sinks, in addition to those of `src/outputs/status/metrics.ts`. */
export interface SinkMetrics {
  refused: Counter<'system' | 'reason'>
  missing: Counter<'system'>
  writeSeconds: Histogram<'system'>
}

/** Creates the metrics that the sinks of a process share. */
export function sinkMetrics(registry: Registry): SinkMetrics {
  const registers = [registry]
  return {
    refused: new Counter({
      name: 'playhead_sink_records_refused_total',
      help: 'Records that sinks rejected, by output and reason',
      labelNames: ['system', 'reason'],
      registers,
    }),
    missing: new Counter({
      name: 'playhead_sink_records_missing_total',
      help: 'Offsets that expired before a sink read them',
      labelNames: ['system'],
      registers,
    }),
    writeSeconds: new Histogram({
      name: 'playhead_sink_write_seconds',
      help: 'Time until an output has acknowledged the listens of one read',
      labelNames: ['system'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  }
}
