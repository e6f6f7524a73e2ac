import { Admin, Consumer, ListOffsetTimestamps } from '@platformatic/kafka'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { createProducer, type OutgoingRecord } from '../../src/kafka/producer.ts'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { until } from './until.ts'

const TOPIC = 'music-streams'

/** Sends records unchanged, valid or not, and creates missing topics. @returns their offsets */
export async function sendRecords(bootstrap: string, records: readonly OutgoingRecord[], topic = TOPIC) {
  const connection = { brokers: bootstrap.split(',') }
  await ensureTopics(connection, TOPIC)
  const producer = createProducer(connection, { topic, role: 'test', retries: 5, compression: 'none' })
  try {
    return await producer.send(records)
  } finally {
    await producer.close()
  }
}

/** Number of records ever written to a topic, over all partitions. */
export async function countRecords(bootstrap: string, topic = TOPIC): Promise<number> {
  const consumer = new Consumer({ clientId: 'test', groupId: 'test', bootstrapBrokers: bootstrap.split(',') })
  try {
    const offsets = await consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.LATEST })
    return (offsets.get(topic) ?? []).reduce((sum, offset) => sum + Number(offset), 0)
  } finally {
    await consumer.close()
  }
}

/** Reads a topic from its beginning until it has this many records. */
export async function readRecords(bootstrap: string, topic: string, count: number): Promise<FetchedRecord[]> {
  const fetcher = createFetcher(
    { brokers: bootstrap.split(',') },
    { topic, log: createLogger('silent'), onMissing: () => {} },
  )
  const records: FetchedRecord[] = []
  try {
    fetcher.assign(await fetcher.earliest())
    await until(`${count} records in ${topic}`, async () => {
      records.push(...(await fetcher.poll(250)))
      return records.length >= count
    })
    return records
  } finally {
    await fetcher.close()
  }
}

/** Runs a function with an admin client of the cluster. */
export async function administer<T>(bootstrap: string, run: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: bootstrap.split(',') })
  try {
    return await run(admin)
  } finally {
    await admin.close()
  }
}

/** Consumer groups with committed offsets of a topic. */
export async function groupsOf(bootstrap: string, topic: string) {
  return await administer(bootstrap, async (admin) => {
    const groups = [...(await admin.listGroups()).keys()]
    if (groups.length === 0) return []
    return (await admin.listConsumerGroupOffsets({ groups })).filter(({ topics }) =>
      topics.some(({ name }) => name === topic),
    )
  })
}

/** Number of records of a topic that its only consumer group has committed. */
export async function countCommitted(bootstrap: string, topic: string): Promise<number> {
  const [group] = await groupsOf(bootstrap, topic)
  const partitions = group?.topics.find(({ name }) => name === topic)?.partitions ?? []
  return partitions.reduce((sum, { committedOffset }) => sum + Math.max(0, Number(committedOffset)), 0)
}
