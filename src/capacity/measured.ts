/** A measured figure and the benchmark behind it. */
export interface Measured {
  value: number
  unit: string
  /** What it measures. */
  what: string
  /** How to measure it again. */
  by: string
}

/**
 * Input of the plan, measured on one machine on one day. A plan is therefore an order of magnitude,
 * until these are measured on the target machines; docs/capacity.md says how.
 */
export const MEASURED_ON = '2026-11-28, 2 cores of a shared virtual machine, broker and store on them too'

export const MEASURED = {
  eventsPerProcess: {
    value: 120_000,
    unit: 'events/s',
    what: 'stored by a pipeline process, with its store on the same two cores',
    by: 'npm run bench -- --only kafka-engine',
  },
  insertsPerShard: {
    value: 135_000,
    unit: 'rows/s',
    what: 'inserted by a ClickHouse shard with two cores',
    by: "npm run bench -- --only kafka-engine (ClickHouse's own side)",
  },
  eventsPerBroker: {
    value: 470_000,
    unit: 'events/s',
    what: 'acknowledged by a broker, acks=all, lz4',
    by: 'npm run bench -- --only produce',
  },
  bytesInKafka: {
    value: 260,
    unit: 'bytes',
    what: 'per event on the topic, with lz4',
    by: 'size of the topic ÷ events',
  },
  bytesInStore: {
    value: 80,
    unit: 'bytes',
    what: 'per listen in the store after merging, with 500,000 listeners',
    by: 'npm run bench -- --only panels --rows 100000000 --data folder: size of its store ÷ listens',
  },
} as const satisfies Record<string, Measured>
