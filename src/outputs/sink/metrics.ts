import { Counter, Histogram, type Registry } from 'prom-client'

/** What sinks count besides what `src/outputs/status/metrics.ts` shows of every system. */
export interface SinkMetrics {
  refused: Counter<'system' | 'reason'>
  missing: Counter<'system'>
  writeSeconds: Histogram<'system'>
}

/** Makes the sinks' metrics in a registry; the sinks of one process share them. */
export function sinkMetrics(registry: Registry): SinkMetrics {
  const registers = [registry]
  return {
    refused: new Counter({
      name: 'playhead_sink_records_refused_total',
      help: 'Records that were not handed on because they are no listens, by system and reason',
      labelNames: ['system', 'reason'],
      registers,
    }),
    missing: new Counter({
      name: 'playhead_sink_records_missing_total',
      help: 'Offsets that the topic no longer held when they were to be handed on',
      labelNames: ['system'],
      registers,
    }),
    writeSeconds: new Histogram({
      name: 'playhead_sink_write_seconds',
      help: 'How long a system took to acknowledge what was read in one go',
      labelNames: ['system'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  }
}
