// Sends events as fast as they are acknowledged, from a file or from a crowd; prints events per
// second.
import { readFile } from 'node:fs/promises'
import { createProducer } from '../../src/kafka/producer.ts'
import type { Compression } from '../../src/settings/config.ts'
import { runPlayhead } from '../playhead.ts'
import { answer, told } from '../script.ts'

/** The batch size of the simulator. */
const AT_ONCE = 5_000

const { bootstrap, topic, events, compression, payloads, cloudEvents } = told<{
  bootstrap: string
  topic: string
  events: number
  compression: Compression
  /** Null for a crowd. */
  payloads: string | null
  /** Whether the crowd's events have CloudEvents headers. */
  cloudEvents: boolean
}>()

async function sendLines(file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  // Without keys, like the peer.
  const records = lines.map((line) => ({ key: null, value: Buffer.from(line) }))
  const producer = createProducer({ brokers: [bootstrap] }, { topic, role: 'bench', retries: 5, compression })
  // Connecting does not count, as for the peer.
  await producer.send(records.slice(0, 10))
  const started = performance.now()
  for (let sent = 0; sent < events; ) {
    const from = sent % records.length
    const some = records.slice(from, from + Math.min(AT_ONCE, events - sent))
    await producer.send(some)
    sent += some.length
  }
  const seconds = (performance.now() - started) / 1000
  await producer.close()
  return events / seconds
}

/**
 * The command as users run it. The time of a few events is subtracted, so that its start does not
 * count.
 */
async function playCrowd(): Promise<number> {
  const play = async (count: number) => {
    const started = performance.now()
    const { code, output } = await runPlayhead(
      ['simulate', '--count', String(count), '--rate', '100000000', '--seed', '7'],
      {
        KAFKA_BROKERS: bootstrap,
        KAFKA_TOPIC: topic,
        KAFKA_COMPRESSION: compression,
        KAFKA_CLOUDEVENTS: cloudEvents ? 'on' : 'off',
      },
    )
    if (code !== 0) throw new Error(`the simulator ended with ${code}:\n${output}`)
    return (performance.now() - started) / 1000
  }
  const few = 100
  const start = await play(few)
  return (events - few) / ((await play(events)) - start)
}

answer({ rate: payloads === null ? await playCrowd() : await sendLines(payloads) })
