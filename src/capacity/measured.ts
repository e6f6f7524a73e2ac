/** A figure that was measured, and by which case of `npm run bench`. */
export interface Measured {
  value: number
  unit: string
  /** What it is, for a person. */
  what: string
  /** How to measure it again. */
  by: string
}

/**
 * What the plan is computed from. Measured on one machine on one day, so a plan is an order of magnitude until they are
 * measured on the machines it is for; docs/capacity.md says how.
 */
export const MEASURED_ON = '2026-11-28, 2 cores of a shared virtual machine, broker and store on them too'

export const MEASURED = {
  eventsPerProcess: {
    value: 120_000,
    unit: 'events/s',
    what: 'a pipeline process stores, with its store on the same two cores',
    by: 'npm run bench -- --only kafka-engine',
  },
  insertsPerShard: {
    value: 135_000,
    unit: 'rows/s',
    what: 'a ClickHouse shard takes in on two cores',
    by: "npm run bench -- --only kafka-engine (ClickHouse's own side)",
  },
  eventsPerBroker: {
    value: 470_000,
    unit: 'events/s',
    what: 'a broker acknowledges, acks=all, lz4',
    by: 'npm run bench -- --only produce',
  },
  bytesInKafka: {
    value: 260,
    unit: 'bytes',
    what: 'an event takes in the topic with lz4',
    by: 'size of the topic ÷ events',
  },
  bytesInStore: {
    value: 80,
    unit: 'bytes',
    what: 'a listen takes in the store after merging, where half a million people listen',
    by: 'npm run bench -- --only panels --rows 100000000 --data folder: size of its store ÷ listens',
  },
} as const satisfies Record<string, Measured>
