import type { Consumer, GroupAssignment } from '@platformatic/kafka'
import type { Logger } from 'pino'
import { kafkaReason } from './client.ts'

export const HEARTBEAT_MS = 2_000
/** How often to check whether the topic has got more partitions. */
const PARTITIONS_MS = 5_000

export interface GroupSessionOptions {
  topic: string
  sessionMs: number
  log: Logger
  onJoined: (assignments: GroupAssignment[] | null | undefined) => void
  onHeartbeat: () => void
  /** Milliseconds since the group was heard of; 0 before it was joined. */
  silentMs: () => number
}

/**
 * Joins the group and stays in it until something breaks. The group assigns the partitions that exist when it is formed,
 * so it is formed again when the topic changes.
 * @throws what broke; never resolves
 */
export async function stayInGroup(consumer: Consumer, options: GroupSessionOptions): Promise<void> {
  const { topic, sessionMs, log, onJoined, onHeartbeat, silentMs } = options
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})
  consumer.on('error', (error) => broken.reject(error))
  consumer.on('consumer:heartbeat:end', onHeartbeat)
  consumer.on('consumer:heartbeat:error', ({ error }) =>
    log.warn({ reason: kafkaReason(error) }, 'heartbeat failed'),
  )
  consumer.on('consumer:group:join', ({ assignments }) => onJoined(assignments))
  // Heartbeats stop while the group is rebalancing, so silence only counts after both may have run their time.
  const watch = setInterval(() => {
    if (silentMs() > 2 * sessionMs) broken.reject(new Error('no heartbeat was answered'))
  }, HEARTBEAT_MS)
  const shapeNow = async () => {
    const metadata = (await consumer.metadata({ topics: [topic] })).topics.get(topic)
    return metadata === undefined ? null : `${metadata.id}/${metadata.partitionsCount}`
  }
  let formedOf: string | null = null
  const look = setInterval(async () => {
    const shape = await shapeNow().catch(() => null)
    if (shape === null || shape === formedOf || consumer.closed) return
    log.info({ topic: shape }, 'the topic changed; forming the group again')
    formedOf = shape
    await consumer.joinGroup({}).catch((error) => broken.reject(error))
  }, PARTITIONS_MS)
  try {
    consumer.topics.track(topic)
    formedOf = await shapeNow()
    await consumer.joinGroup({})
    await broken.promise
  } finally {
    clearInterval(watch)
    clearInterval(look)
  }
}
