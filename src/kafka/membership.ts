import { Consumer, type GroupAssignment } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { settledWithin, wait } from '../runtime/wait.ts'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'
import { createGroupCommits } from './group-commits.ts'
import { HEARTBEAT_MS, stayInGroup } from './group-session.ts'

/** Partitions, each with the epoch in which it was assigned. One that is kept across a rebalance keeps its epoch. */
export type Holding = ReadonlyMap<number, number>

/** The partitions that the group assigned to this member. */
export interface Assignment {
  /** Increases with every change. */
  epoch: number
  partitions: Holding
}

export interface Membership {
  /** The latest assignment; null before the first one and while the group is lost. */
  readonly assignment: Assignment | null
  /** Why the group is lost, or could not be joined; null while it is not. */
  readonly lost: string | null
  /** Partitions that the group takes back. It waits for {@link released}; empty while it takes none. */
  readonly revoked: ReadonlySet<number>
  /** Releases those: their records are stored and committed, or their next owner will read them again. */
  released(): void
  /** Number of times that the group has assigned its partitions since the start. */
  readonly rebalances: number
  /**
   * Returns whether this process has held these partitions since they were assigned. After a pause of the process it
   * waits for a heartbeat or a new assignment instead of trusting old knowledge, except while the group takes partitions back.
   */
  owns(holding: Holding): Promise<boolean>
  /** Offsets committed by the group, by partition; absent where there is none. */
  committed(partitions: readonly number[]): Promise<Map<number, number>>
  /**
   * Commits the next offset to read of each partition; while the group is being formed, as soon as it is. It does not wait
   * for a commit that has no answer when the group is formed again.
   */
  commit(next: ReadonlyMap<number, number>): Promise<void>
  close(): Promise<void>
}

export interface MembershipOptions {
  topic: string
  groupId: string
  /** Set where only one process can have this name; after a crash it then gets its place back at once. */
  instanceId?: string
  log: Logger
  /** Called after each change of the assignment, and when partitions are about to be released. */
  onChange: () => void
}

const DYNAMIC_SESSION_MS = 10_000
const STATIC_SESSION_MS = 30_000
const RETRY_MS = 1_000
/** How long the group may have to wait for partitions that it takes back; well below the session. */
const RELEASE_MS = 5_000
const CLOSE_MS = 5_000

/** Joins a consumer group and stays in it; joins again after any failure, until {@link Membership.close}. */
export function joinGroup(connection: KafkaConnection, options: MembershipOptions): Membership {
  const { topic, log } = options
  const sessionMs = options.instanceId === undefined ? DYNAMIC_SESSION_MS : STATIC_SESSION_MS
  const commits = createGroupCommits({ topic, log })
  const closing = new AbortController()
  let consumer = makeConsumer()
  let assignment: Assignment | null = null
  let epoch = 0
  let aliveAt = 0
  let wake: () => void = () => {}
  let rebalances = 0
  let lost: string | null = null
  let revoked: ReadonlySet<number> = new Set()
  let release: () => void = () => {}
  let releasing: Promise<void> | null = null

  function makeConsumer(): Consumer {
    return new Consumer({
      ...clientOptions(connection, 'pipeline'),
      groupId: options.groupId,
      ...(options.instanceId === undefined ? {} : { groupInstanceId: options.instanceId }),
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: HEARTBEAT_MS,
      autocommit: false,
      // Members keep reading the partitions that stay with them while the group is formed again (KIP-429). Version 3 of
      // the subscription carries the partitions that a member holds.
      protocols: [{ name: 'cooperative-sticky', version: 3 }],
      // The client asks for this before each JoinGroup, and waits for it; the metadata itself is empty.
      protocolsMetadata: async () => {
        await beforeJoin()
        commits.setJoining(true)
        return Buffer.alloc(0)
      },
    })
  }

  /** A heartbeat and a commit may both learn that the group has to be joined again. */
  function beforeJoin(): Promise<void> {
    commits.interrupt()
    releasing ??= releaseRevoked().finally(() => {
      releasing = null
    })
    return releasing
  }

  /**
   * Delays our JoinGroup until the pipeline has finished with the partitions that the group takes back. It does not wait
   * for partitions that the group gave to others because it believed this process dead.
   */
  async function releaseRevoked(): Promise<void> {
    commits.setJoining(false)
    if (assignment === null || closing.signal.aborted) return
    const kept = new Set(partitionsOf(consumer.assignments, topic))
    const taken = [...assignment.partitions.keys()].filter((partition) => !kept.has(partition))
    if (taken.length === 0) return
    const isMember = consumer.memberId !== null
    log.info({ partitions: taken, isMember }, 'partitions taken back')
    if (isMember) await released(new Set(taken))
    const left = [...(assignment?.partitions ?? [])].filter(([partition]) => kept.has(partition))
    epoch += 1
    changed({ epoch, partitions: new Map(left) })
  }

  async function released(taken: ReadonlySet<number>): Promise<void> {
    const done = Promise.withResolvers<void>()
    release = done.resolve
    revoked = taken
    options.onChange()
    wake()
    if (!(await settledWithin(RELEASE_MS, done.promise)))
      log.warn({ afterMs: RELEASE_MS }, 'partitions released before the work on them was finished')
    revoked = new Set()
  }

  function joined(assignments: GroupAssignment[] | null | undefined): void {
    lost = null
    rebalances += 1
    epoch += 1
    const before = assignment?.partitions
    const given = [...partitionsOf(assignments, topic)].sort((a, b) => a - b)
    log.info({ epoch, partitions: given }, 'partitions assigned')
    changed({
      epoch,
      partitions: new Map(given.map((partition) => [partition, before?.get(partition) ?? epoch])),
    })
    commits.joined(consumer, given)
  }

  function alive(): void {
    aliveAt = Date.now()
    wake()
  }

  function changed(next: Assignment | null): void {
    assignment = next
    aliveAt = Date.now()
    options.onChange()
    wake()
  }

  async function stay(): Promise<void> {
    const session = { topic, sessionMs, log, onJoined: joined, onHeartbeat: alive }
    const silentMs = () => (aliveAt === 0 ? 0 : Date.now() - aliveAt)
    while (!closing.signal.aborted) {
      try {
        await stayInGroup(consumer, { ...session, silentMs })
      } catch (error) {
        if (closing.signal.aborted) return
        lost = kafkaReason(error)
        log.warn({ reason: lost }, 'lost the consumer group; joining again')
      }
      commits.reset()
      changed(null)
      await settledWithin(CLOSE_MS, consumer.close(true))
      await wait(RETRY_MS, closing.signal)
      if (!closing.signal.aborted) consumer = makeConsumer()
    }
  }
  void stay()

  return {
    get assignment() {
      return assignment
    },
    get lost() {
      return lost
    },
    get revoked() {
      return revoked
    },
    released() {
      revoked = new Set()
      release()
    },
    get rebalances() {
      return rebalances
    },
    async owns(holding) {
      const held = () =>
        [...holding].every(([partition, given]) => assignment?.partitions.get(partition) === given)
      while (!closing.signal.aborted && held()) {
        if (Date.now() - aliveAt < sessionMs) return true
        // The session is over, and the new assignment waits for the caller.
        if (revoked.size > 0) return false
        const woken = Promise.withResolvers<void>()
        wake = woken.resolve
        await woken.promise
      }
      return held()
    },
    async committed(partitions) {
      const found = new Map<number, number>()
      if (partitions.length === 0) return found
      const offsets = await consumer.listCommittedOffsets({
        topics: [{ topic, partitions: [...partitions] }],
      })
      for (const [partition, offset] of (offsets.get(topic) ?? []).entries())
        if (offset !== undefined && offset >= 0n) found.set(partition, Number(offset))
      return found
    },
    commit: (next) => commits.commit(consumer, next),
    async close() {
      closing.abort()
      release()
      wake()
      // With its broker gone a client may never close.
      await settledWithin(CLOSE_MS, consumer.close(true))
    },
  }
}

function partitionsOf(assignments: GroupAssignment[] | null | undefined, topic: string): readonly number[] {
  return assignments?.find((one) => one.topic === topic)?.partitions ?? []
}
