import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What the pipeline counts, under names after Prometheus' conventions (base units, `_total` for counters). */
export interface PipelineMetrics {
  read: Counter
  readBytes: Counter
  stored: Counter
  storedBytes: Counter
  deadLettered: Counter<'reason'>
  dropped: Counter<'reason'>
  missing: Counter
  replaced: Counter
  lost: Counter
  batchRecords: Histogram
  batchAge: Histogram
  delay: Histogram<'from'>
  lastStored: Gauge
  insertSeconds: Histogram
  stepSeconds: Counter<'step'>
  stageSeconds: Counter<'stage'>
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
    storedBytes: new Counter({
      name: 'playhead_stored_bytes_total',
      help: 'Bytes of the values of the records whose listens were stored',
      registers,
    }),
    deadLettered: new Counter({
      name: 'playhead_dead_letters_total',
      help: 'Dead letters, by reason',
      labelNames: ['reason'],
      registers,
    }),
    dropped: new Counter({
      name: 'playhead_records_dropped_total',
      help: 'Records dropped, by reason',
      labelNames: ['reason'],
      registers,
    }),
    replaced: new Counter({
      name: 'playhead_records_replaced_total',
      help: 'Stored offsets that Kafka has lost and gives to other records',
      registers: [registry],
    }),
    missing: new Counter({
      name: 'playhead_records_missing_total',
      help: 'Offsets that expired before they were read',
      registers,
    }),
    lost: new Counter({
      name: 'playhead_store_offsets_lost_total',
      help: 'Offsets that the store has lost; they are read again',
      registers,
    }),
    batchRecords: new Histogram({
      name: 'playhead_batch_records',
      help: 'Records in a batch',
      buckets: [1, 10, 100, 1_000, 5_000, 10_000, 20_000, 50_000],
      registers,
    }),
    batchAge: new Histogram({
      name: 'playhead_batch_age_seconds',
      help: 'Age of the first record of a batch at delivery',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    delay: new Histogram({
      name: 'playhead_delivery_delay_seconds',
      help: "Time until a listen is stored: from the event's time, its acknowledgement, or its reading",
      labelNames: ['from'],
      // An event may be old when it is sent, so the buckets reach up to a day.
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400],
      registers,
    }),
    lastStored: new Gauge({
      name: 'playhead_last_stored_timestamp_seconds',
      help: 'Time of the last stored listen, in seconds since 1970; 0 before the first',
      registers,
    }),
    insertSeconds: new Histogram({
      name: 'playhead_insert_duration_seconds',
      help: 'Time of the INSERT of a batch',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    stepSeconds: new Counter({
      name: 'playhead_step_seconds_total',
      help: 'Time spent in each step of the pipeline',
      labelNames: ['step'],
      registers,
    }),
    stageSeconds: new Counter({
      name: 'playhead_delivery_stage_seconds_total',
      help: 'Time spent in each stage of the delivery of batches, retries included',
      labelNames: ['stage'],
      registers,
    }),
    failures: new Counter({
      name: 'playhead_delivery_failures_total',
      help: 'Failed and retried attempts to deliver a batch, by stage',
      labelNames: ['action'],
      registers,
    }),
  }
}

/** What is asked of the pipeline when the metrics are read. */
export interface PipelineState {
  lag(): ReadonlyMap<number, number>
  lagSeconds(): ReadonlyMap<number, number>
  waiting(): { batch: number; inFlight: number }
  rebalances(): number
  readonly trouble: string | null
}

/** Makes the gauges of the pipeline's state; they ask for the figures when they are read. */
export function stateGauges(registry: Registry, state: PipelineState): void {
  const registers = [registry]
  const perPartition = (name: string, help: string, figures: () => ReadonlyMap<number, number>) =>
    new Gauge({
      name,
      help,
      labelNames: ['partition'],
      registers,
      collect() {
        this.reset()
        for (const [partition, figure] of figures()) this.set({ partition }, figure)
      },
    })
  perPartition(
    'playhead_consumer_lag_offsets',
    'Offsets between the end of a partition and what is stored of it',
    () => state.lag(),
  )
  perPartition(
    'playhead_consumer_lag_seconds',
    'Age of the oldest record of a partition that is not stored; 0 when all are',
    () => state.lagSeconds(),
  )
  new Gauge({
    name: 'playhead_queue_records',
    help: 'Records in memory: in the growing batch, and in the batch that is being delivered',
    labelNames: ['queue'],
    registers,
    collect() {
      const { batch, inFlight } = state.waiting()
      this.set({ queue: 'batch' }, batch)
      this.set({ queue: 'in_flight' }, inFlight)
    },
  })
  new Counter({
    name: 'playhead_group_rebalances_total',
    help: 'Rebalances: how often the consumer group assigned partitions to this process',
    registers,
    collect() {
      this.reset()
      this.inc(state.rebalances())
    },
  })
  new Gauge({
    name: 'playhead_pipeline_failing',
    help: '1 while the pipeline cannot store, otherwise 0',
    registers,
    collect() {
      this.set(state.trouble === null ? 0 : 1)
    },
  })
}
