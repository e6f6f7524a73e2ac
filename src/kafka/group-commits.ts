import type { Consumer } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { kafkaReason } from './client.ts'

/** Commits of offsets, which the group refuses while it is being formed. */
export interface GroupCommits {
  /** Commits the next offset of each partition; while the group is being formed, as soon as it is. */
  commit(consumer: Consumer, next: ReadonlyMap<number, number>): Promise<void>
  /** Stops waiting for a commit: the group is about to be joined again, and joining waits for callers. */
  interrupt(): void
  /** Tells whether the group is being formed; {@link joined} ends that too. */
  setJoining(isJoining: boolean): void
  /** The group is formed: commits what waited of the partitions that were assigned. */
  joined(consumer: Consumer, assigned: readonly number[]): void
  /** Forgets what waits. */
  reset(): void
}

export function createGroupCommits({ topic, log }: { topic: string; log: Logger }): GroupCommits {
  let isJoining = false
  let stopWaiting: () => void = () => {}
  const waiting = new Map<number, number>()

  async function send(consumer: Consumer, next: ReadonlyMap<number, number>): Promise<void> {
    if (next.size === 0) return
    // A commit that the group refuses makes the client join again first, and joining waits for callers.
    const done = Promise.withResolvers<void>()
    stopWaiting = done.resolve
    const offsets = [...next].map(([partition, offset]) => ({
      topic,
      partition,
      offset: BigInt(offset),
      leaderEpoch: -1,
    }))
    consumer.commit({ offsets }).then(done.resolve, done.reject)
    await done.promise
  }

  return {
    async commit(consumer, next) {
      if (!isJoining) await send(consumer, next)
      else for (const [partition, offset] of next) waiting.set(partition, offset)
    },
    interrupt: () => stopWaiting(),
    setJoining(joining) {
      isJoining = joining
    },
    joined(consumer, assigned) {
      isJoining = false
      const next = new Map([...waiting].filter(([partition]) => assigned.includes(partition)))
      waiting.clear()
      send(consumer, next).catch((error) => log.warn({ reason: kafkaReason(error) }, 'offsets not committed'))
    },
    reset() {
      isJoining = false
      waiting.clear()
    },
  }
}
