import type { Logger } from 'pino'
import type { EpochStart } from '../kafka/epoch-watch.ts'
import type { Fetcher } from '../kafka/fetcher.ts'
import type { Assignment, Holding, Membership } from '../kafka/membership.ts'
import { insertAbsentOffsets } from '../store/absent-offsets.ts'
import { epochStarts } from '../store/leader-epochs.ts'
import { lineagesOf, startLineage } from '../store/lineages.ts'
import { type Claim, claimPartitions } from '../store/partition-claims.ts'
import { type ResumePoint, resumePoints } from '../store/resume.ts'
import type { Store } from '../store/store.ts'
import type { Batch } from './batch.ts'
import type { Tenure } from './delivery.ts'
import type { PipelineMetrics } from './metrics.ts'
import { type PartitionState, partitionState } from './partition-state.ts'
import { NOTHING, reportStart, startOf } from './resume.ts'
import { epochBefore, findTruncation, reportTruncation } from './truncation.ts'

export interface HeldPartitionsOptions {
  membership: Pick<Membership, 'owns' | 'committed'>
  fetcher: Pick<Fetcher, 'topicId' | 'earliest' | 'assign' | 'divergence'>
  store: Store
  metrics: Pick<PipelineMetrics, 'lost' | 'missing' | 'replaced'>
  log: Logger
  /** Whether other processes fill the same store, so that partitions must be claimed in it. */
  shared: boolean
}

/** The partitions that this process holds, and the state of each. */
export interface HeldPartitions {
  readonly states: ReadonlyMap<number, PartitionState>
  /** Epoch of the assignment that was adopted last; 0 for none. */
  readonly epoch: number
  /**
   * Adopts an assignment. Reading continues where it was in partitions that were held before; for the others the
   * store says what it has, and Kafka where to start.
   * @param batch records that were read and are not delivered
   * @param anew adopts all partitions as if none had been held
   * @returns whether the records of `batch` are still to be delivered
   */
  adopt(assignment: Assignment | null, batch: Batch, anew: boolean): Promise<boolean>
  /** The conditions under which a batch was read. */
  tenureOf(batch: Batch): Tenure
}

/** What the store holds of a partition. */
interface Stored {
  partition: number
  /** Id under which it is stored. */
  id: string
  point: ResumePoint
  epochs: EpochStart[]
}

export function holdPartitions(options: HeldPartitionsOptions): HeldPartitions {
  const { membership, fetcher, store, metrics, log } = options
  let states = new Map<number, PartitionState>()
  let epoch = 0
  let topicId = ''
  let claim: Claim | null = null

  /** Where to start in partitions that are new to this process, after claiming them in a shared store. */
  async function start(wanted: Holding, added: readonly number[]): Promise<Map<number, PartitionState>> {
    if (options.shared) {
      // After a pause of this process the assignment may be an old one, and a claim under it would lock out its successor.
      if (!(await membership.owns(wanted))) throw new Error('the partitions were given to another process')
      claim = await claimPartitions(store, topicId, [...wanted.keys()])
    }
    const [known, committed, earliest] = await Promise.all([
      storedOf(added),
      membership.committed(added),
      fetcher.earliest(),
    ])
    const started = new Map<number, PartitionState>()
    for (const { partition, id, point, epochs } of await Promise.all(known.map(followLog))) {
      const first = earliest.get(partition) ?? 0
      const place = startOf(partition, point, committed.get(partition), first)
      await insertAbsentOffsets(store, id, place.absent)
      reportStart(place, { log, metrics })
      const given = wanted.get(partition) ?? 0
      started.set(partition, partitionState(given, point, place.position, { topicId: id, epochs }))
    }
    return started
  }

  /** What the store holds of partitions, under the ids by which it holds them. */
  async function storedOf(partitions: readonly number[]): Promise<Stored[]> {
    const ids = await lineagesOf(store, topicId, partitions)
    const starts = await epochStarts(store, ids)
    const points = new Map<number, ResumePoint>()
    for (const id of new Set(ids.values())) {
      const same = partitions.filter((partition) => ids.get(partition) === id)
      for (const [partition, point] of await resumePoints(store, id, same)) points.set(partition, point)
    }
    return partitions.map((partition) => ({
      partition,
      id: ids.get(partition) ?? topicId,
      point: points.get(partition) ?? NOTHING,
      epochs: starts.filter((start) => start.partition === partition),
    }))
  }

  /** Starts a lineage where Kafka lost records that are stored, because it gives their offsets to new ones. */
  async function followLog(stored: Stored): Promise<Stored> {
    const { partition, id, point, epochs } = stored
    const truncation = await findTruncation(fetcher, partition, point.handled + 1, epochs)
    if (truncation === null) return stored
    reportTruncation(truncation, { log, metrics })
    return {
      partition,
      id: await startLineage(store, topicId, id, truncation),
      point: { ...NOTHING, handled: truncation.from - 1 },
      epochs: epochs.filter(({ from }) => from < truncation.from),
    }
  }

  return {
    get states() {
      return states
    },
    get epoch() {
      return epoch
    },

    async adopt(assignment, batch, anew) {
      const wanted: Holding = assignment?.partitions ?? new Map()
      fetcher.assign(new Map())
      const id = wanted.size > 0 ? await fetcher.topicId() : topicId
      const before = anew || id !== topicId ? new Map<number, PartitionState>() : states
      topicId = id
      const kept = [...before].filter(([partition, { given }]) => wanted.get(partition) === given)
      // Records of a partition that was revoked were delivered before, or now belong to another process: then the
      // rest of their batch is read again too.
      const keepsBatch = kept.length > 0 && kept.length === before.size
      states = new Map(kept)
      if (claim !== null) claim = { ...claim, partitions: [...states.keys()] }
      for (const [partition, state] of kept)
        state.expected = (keepsBatch ? batch.next.get(partition) : undefined) ?? state.handled
      const added = [...wanted.keys()].filter((partition) => !states.has(partition))
      if (added.length > 0) states = new Map([...states, ...(await start(wanted, added))])
      epoch = assignment?.epoch ?? 0
      const positions = new Map([...states].map(([partition, { expected }]) => [partition, expected]))
      const leaderEpochs = new Map(
        [...states].map(([partition, { epochs, expected }]) => [partition, epochBefore(epochs, expected)]),
      )
      if (wanted.size > 0) fetcher.assign(positions, topicId, leaderEpochs)
      return keepsBatch
    },

    tenureOf(batch) {
      const held = [...states].filter(([partition]) => batch.next.has(partition))
      return {
        holding: new Map(held.map(([partition, { given }]) => [partition, given])),
        topicIds: new Map([...states].map(([partition, state]) => [partition, state.topicId])),
        claim,
      }
    },
  }
}
