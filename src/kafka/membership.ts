import { Consumer, type GroupAssignment } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { clientOptions, type KafkaConnection, kafkaReason } from './client.ts'

/** Partitions, each with the epoch in which it was given: one that is kept across a rebalance keeps its epoch too. */
export type Holding = ReadonlyMap<number, number>

/** The partitions that the group has given this member. */
export interface Assignment {
  /** Rises with every change. */
  epoch: number
  partitions: Holding
}

export interface Membership {
  /** The newest assignment; null before the first and while the group is lost. */
  readonly assignment: Assignment | null
  /** Why the group is lost, or could not be joined; null while it is not. */
  readonly lost: string | null
  /** Partitions that the group takes back, and waits for {@link released} of; empty while it takes none. */
  readonly revoked: ReadonlySet<number>
  /** Lets those go: what was read of them is stored and committed, or will be read again by their next owner. */
  released(): void
  /** How often the group has handed out its partitions since the start. */
  readonly rebalances: number
  /**
   * Whether these have been ours all the time since they were given. After a pause of the process it waits for a
   * heartbeat or a new assignment instead of trusting what it knew before; once the group takes partitions back it does not.
   */
  owns(holding: Holding): Promise<boolean>
  /** Offsets committed by the group, by partition; absent where there is none. */
  committed(partitions: readonly number[]): Promise<Map<number, number>>
  /**
   * Commits the next offset to read of each partition; while the group is being formed, as soon as it is. A commit that
   * has not been answered when the group is formed again is not waited for.
   */
  commit(next: ReadonlyMap<number, number>): Promise<void>
  close(): Promise<void>
}

export interface MembershipOptions {
  topic: string
  groupId: string
  /** Set where only one process can have this name: its place is then taken over at once after a crash. */
  instanceId?: string
  log: Logger
  /** Called after each change of the assignment, and when one is about to be given up. */
  onChange: () => void
}

const HEARTBEAT_MS = 2_000
const DYNAMIC_SESSION_MS = 10_000
const STATIC_SESSION_MS = 30_000
const RETRY_MS = 1_000
/** How often to look whether the topic has got more partitions. */
const PARTITIONS_MS = 5_000
/** How long the group may have to wait for work on partitions it takes back; well below the session. */
const RELEASE_MS = 5_000
const CLOSE_MS = 5_000

/** Joins a consumer group and stays in it: what breaks is made anew until {@link Membership.close}. */
export function joinGroup(connection: KafkaConnection, options: MembershipOptions): Membership {
  const { topic, log } = options
  const sessionMs = options.instanceId === undefined ? DYNAMIC_SESSION_MS : STATIC_SESSION_MS
  let consumer = makeConsumer()
  let assignment: Assignment | null = null
  let epoch = 0
  let aliveAt = 0
  let closing = false
  let wake: () => void = () => {}
  let rebalances = 0
  let lost: string | null = null
  let revoked: ReadonlySet<number> = new Set()
  let letGo: () => void = () => {}
  /** Between our JoinGroup and its outcome, when the group takes no commits. */
  let joining = false
  const uncommitted = new Map<number, number>()
  let stopWaitingForCommit: () => void = () => {}
  let underway: Promise<void> | null = null

  /** A heartbeat and a commit may both learn that the group has to be joined again. */
  function beforeJoin(): Promise<void> {
    stopWaitingForCommit()
    underway ??= giveUp().finally(() => {
      underway = null
    })
    return underway
  }

  /**
   * Holds our JoinGroup up until the pipeline has finished with the partitions that the group takes back; with all
   * others it goes on. What the group did not take but has given to others, because it believed us dead, is not waited for.
   */
  async function giveUp(): Promise<void> {
    joining = false
    if (assignment === null || closing) return
    const kept = new Set(partitionsOf(consumer.assignments))
    const taken = [...assignment.partitions.keys()].filter((partition) => !kept.has(partition))
    if (taken.length === 0) return
    const isMember = consumer.memberId !== null
    log.info({ partitions: taken, isMember }, 'partitions taken back')
    if (isMember) await finished(new Set(taken))
    const left = [...(assignment?.partitions ?? [])].filter(([partition]) => kept.has(partition))
    epoch += 1
    changed({ epoch, partitions: new Map(left) })
  }

  async function finished(taken: ReadonlySet<number>): Promise<void> {
    const done = Promise.withResolvers<void>()
    const limit = setTimeout(() => {
      log.warn({ afterMs: RELEASE_MS }, 'partitions given up before the work on them was finished')
      done.resolve()
    }, RELEASE_MS)
    letGo = done.resolve
    revoked = taken
    options.onChange()
    wake()
    await done.promise
    clearTimeout(limit)
    revoked = new Set()
  }

  function partitionsOf(assignments: GroupAssignment[] | null | undefined): readonly number[] {
    return assignments?.find((one) => one.topic === topic)?.partitions ?? []
  }

  function joined(assignments: GroupAssignment[] | null | undefined): void {
    joining = false
    lost = null
    rebalances += 1
    epoch += 1
    const before = assignment?.partitions
    const given = [...partitionsOf(assignments)].sort((a, b) => a - b)
    log.info({ epoch, partitions: given }, 'partitions assigned')
    changed({
      epoch,
      partitions: new Map(given.map((partition) => [partition, before?.get(partition) ?? epoch])),
    })
    const waiting = new Map([...uncommitted].filter(([partition]) => given.includes(partition)))
    uncommitted.clear()
    commit(waiting).catch((error) => log.warn({ reason: kafkaReason(error) }, 'offsets not committed'))
  }

  async function commit(next: ReadonlyMap<number, number>): Promise<void> {
    if (next.size === 0) return
    // A commit that the group refuses makes the client join again first, and joining waits for whoever waits here.
    const done = Promise.withResolvers<void>()
    stopWaitingForCommit = done.resolve
    const offsets = [...next].map(([partition, offset]) => ({
      topic,
      partition,
      offset: BigInt(offset),
      leaderEpoch: -1,
    }))
    consumer.commit({ offsets }).then(done.resolve, done.reject)
    await done.promise
  }

  function makeConsumer(): Consumer {
    return new Consumer({
      ...clientOptions(connection, 'pipeline'),
      groupId: options.groupId,
      ...(options.instanceId === undefined ? {} : { groupInstanceId: options.instanceId }),
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs,
      heartbeatInterval: HEARTBEAT_MS,
      autocommit: false,
      // Partitions that stay with their member are read on while the group is formed again (KIP-429). Version 3 of the
      // subscription carries what a member holds.
      protocols: [{ name: 'cooperative-sticky', version: 3 }],
      // The client asks for this before each JoinGroup, and waits for it; the metadata itself is empty.
      protocolsMetadata: async () => {
        await beforeJoin()
        joining = true
        return Buffer.alloc(0)
      },
    })
  }

  function changed(next: Assignment | null): void {
    assignment = next
    aliveAt = Date.now()
    options.onChange()
    wake()
  }

  /** Runs one consumer until it breaks. */
  async function live(current: Consumer): Promise<void> {
    const broken = Promise.withResolvers<never>()
    broken.promise.catch(() => {})
    current.on('error', (error) => broken.reject(error))
    current.on('consumer:heartbeat:end', () => {
      aliveAt = Date.now()
      wake()
    })
    current.on('consumer:heartbeat:error', ({ error }) =>
      log.warn({ reason: kafkaReason(error) }, 'heartbeat failed'),
    )
    current.on('consumer:group:join', ({ assignments }) => joined(assignments))
    // Heartbeats stop while the group is rebalancing, so silence only counts after both may have run their time.
    const watch = setInterval(() => {
      if (aliveAt > 0 && Date.now() - aliveAt > 2 * sessionMs)
        broken.reject(new Error('no heartbeat was answered'))
    }, HEARTBEAT_MS)
    // The group hands out the partitions that there were when it was formed; for others it has to be formed again.
    const partitionsNow = async () => (await current.metadata({ topics: [topic] })).topics.get(topic)
    let formedOf = ''
    const look = setInterval(async () => {
      const metadata = await partitionsNow().catch(() => undefined)
      const now = `${metadata?.id}/${metadata?.partitionsCount}`
      if (metadata === undefined || now === formedOf || current.closed) return
      log.info({ partitions: metadata.partitionsCount }, 'the topic changed; forming the group again')
      formedOf = now
      await current.joinGroup({}).catch((error) => broken.reject(error))
    }, PARTITIONS_MS)
    try {
      current.topics.track(topic)
      const metadata = await partitionsNow()
      formedOf = `${metadata?.id}/${metadata?.partitionsCount}`
      await current.joinGroup({})
      await broken.promise
    } finally {
      clearInterval(watch)
      clearInterval(look)
    }
  }

  async function stay(): Promise<void> {
    while (!closing) {
      try {
        await live(consumer)
      } catch (error) {
        if (closing) return
        lost = kafkaReason(error)
        log.warn({ reason: lost }, 'lost the consumer group; joining again')
      }
      joining = false
      uncommitted.clear()
      changed(null)
      await settle(consumer.close(true))
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      if (!closing) consumer = makeConsumer()
    }
  }
  const staying = stay()

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
      letGo()
    },
    get rebalances() {
      return rebalances
    },
    async owns(holding) {
      const held = () =>
        [...holding].every(([partition, given]) => assignment?.partitions.get(partition) === given)
      while (!closing && held()) {
        if (Date.now() - aliveAt < sessionMs) return true
        // The session is over, and the new assignment waits for whoever asks here.
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
    async commit(next) {
      if (!joining) await commit(next)
      else for (const [partition, offset] of next) uncommitted.set(partition, offset)
    },
    async close() {
      closing = true
      letGo()
      wake()
      await settle(consumer.close(true))
      void staying
    },
  }
}

/** Waits for a client to close, but not for ever: with its broker gone it may never do. */
async function settle(closing: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const limit = setTimeout(resolve, CLOSE_MS)
  closing.then(resolve, () => resolve())
  await promise
  clearTimeout(limit)
}
