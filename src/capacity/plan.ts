import { MEASURED } from './measured.ts'

/** The load to plan for. */
export interface Demand {
  /** Peak rate. */
  eventsPerSecond: number
  /** Days that the store keeps listens. */
  days: number
  /** Days that the topic keeps events. */
  topicDays: number
  /** Disk per server, in bytes. */
  diskPerServer: number
}

/** A number of servers or partitions, and the reason for it. */
export interface Need {
  what: string
  count: number
  because: string
}

export interface Plan {
  needs: Need[]
  /** Bytes on all servers together, including replicas. */
  topicBytes: number
  storeBytes: number
  listens: number
}

export const ASSUMED = {
  /** Share of a measured rate to use; the rest is for peaks, merges, questions and lost servers. */
  load: 0.5,
  /** Share of a disk that may be full; merging needs the rest. */
  diskFull: 0.7,
  /** Copies of each event and of each listen. */
  topicCopies: 3,
  storeCopies: 2,
  /** Average rate as a share of the peak. */
  averageOfPeak: 0.5,
  leastBrokers: 3,
  leastProcesses: 2,
} as const

const DAY_SECONDS = 86_400

/** The larger of two needs, with its reason. */
function larger(what: string, least: number, needs: readonly { count: number; because: string }[]): Need {
  const start = { what, count: least, because: 'so that one may fail' }
  return needs.reduce<Need>(
    (most, { count, because }) =>
      Math.ceil(count) > most.count ? { what, count: Math.ceil(count), because } : most,
    start,
  )
}

/** Calculates the brokers, partitions, processes and ClickHouse servers for a load. */
export function planFor({ eventsPerSecond, days, topicDays, diskPerServer }: Demand): Plan {
  const average = eventsPerSecond * ASSUMED.averageOfPeak
  const topicBytes = average * topicDays * DAY_SECONDS * MEASURED.bytesInKafka.value * ASSUMED.topicCopies
  const listens = average * days * DAY_SECONDS
  const bytesOfAShard = listens * MEASURED.bytesInStore.value
  const usable = diskPerServer * ASSUMED.diskFull
  const brokers = larger('Kafka brokers', ASSUMED.leastBrokers, [
    {
      // Every broker with a replica writes the event.
      count: (eventsPerSecond * ASSUMED.topicCopies) / (MEASURED.eventsPerBroker.value * ASSUMED.load),
      because: 'to take in the events',
    },
    { count: topicBytes / usable, because: 'to keep the topic' },
  ])
  const processes = larger('pipeline processes', ASSUMED.leastProcesses, [
    {
      count: eventsPerSecond / (MEASURED.eventsPerProcess.value * ASSUMED.load),
      because: 'to store the events',
    },
  ])
  const shards = larger('ClickHouse shards', 1, [
    {
      count: eventsPerSecond / (MEASURED.insertsPerShard.value * ASSUMED.load),
      because: 'to take in the rows',
    },
    { count: bytesOfAShard / usable, because: 'to keep the listens' },
  ])
  return {
    needs: [
      brokers,
      {
        what: 'partitions of the topic',
        count: Math.max(6, processes.count * 2),
        because: 'two per process, so that an added process gets some',
      },
      processes,
      shards.count === 1 ? { ...shards, because: 'one is enough' } : shards,
      {
        what: 'ClickHouse servers',
        count: shards.count * ASSUMED.storeCopies,
        because: `${ASSUMED.storeCopies} copies of each shard, as replicas or backups`,
      },
    ],
    topicBytes,
    storeBytes: bytesOfAShard * ASSUMED.storeCopies,
    listens,
  }
}
