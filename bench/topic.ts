import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalBroker, startLocalBroker } from '../src/kafka/broker.ts'
import { createFetcher } from '../src/kafka/fetcher.ts'
import { createLogger } from '../src/runtime/logger.ts'
import { freePort } from '../src/runtime/port.ts'
import { runPlayhead } from './playhead.ts'

export const COMPRESSION = 'lz4'
const PAYLOADS = 200_000

/** A broker of the benchmark with a topic full of simulated listens. */
export interface Topic {
  broker: LocalBroker
  name: string
  events: number
  /** A file with some of the values, one per line, for tools that send the lines of a file. */
  payloads: string
  /** Average bytes of a value. */
  valueBytes: number
}

/**
 * Starts a broker and plays a crowd into a topic.
 * @param directory an empty folder; the caller stops the broker and removes it
 */
export async function fillTopic(
  directory: string,
  events: number,
  say: (text: string) => void,
): Promise<Topic> {
  await mkdir(directory, { recursive: true })
  const broker = await startLocalBroker({
    dataDir: join(directory, 'broker'),
    port: await freePort(),
    log: () => {},
  })
  try {
    const name = 'bench'
    await playInto(broker, name, events, say)
    const values = await readValues(broker.address, name, Math.min(events, PAYLOADS))
    const payloads = join(directory, 'payloads.jsonl')
    await writeFile(payloads, values.map((value) => `${value.toString()}\n`).join(''))
    const valueBytes = values.reduce((sum, { length }) => sum + length, 0) / values.length
    return { broker, name, events, payloads, valueBytes }
  } catch (error) {
    await broker.stop()
    throw error
  }
}

/** Plays a crowd into a topic, which is created when it is absent. */
export async function playInto(
  broker: LocalBroker,
  topic: string,
  events: number,
  say: (text: string) => void,
): Promise<void> {
  say(`playing ${events.toLocaleString('en')} events into the topic ${topic}`)
  const played = await runPlayhead(
    ['simulate', '--count', String(events), '--rate', '100000000', '--seed', '7'],
    { KAFKA_BROKERS: broker.address, KAFKA_TOPIC: topic, KAFKA_COMPRESSION: COMPRESSION },
  )
  if (played.code !== 0) throw new Error(`the simulator ended with ${played.code}:\n${played.output}`)
}

async function readValues(bootstrap: string, topic: string, wanted: number): Promise<Buffer[]> {
  const fetcher = createFetcher(
    { brokers: [bootstrap] },
    { topic, log: createLogger('silent'), onMissing: () => {} },
  )
  try {
    fetcher.assign(await fetcher.earliest())
    const values: Buffer[] = []
    while (values.length < wanted)
      for (const { value } of await fetcher.poll(1_000))
        if (value !== null && values.length < wanted) values.push(Buffer.from(value))
    return values
  } finally {
    await fetcher.close()
  }
}
