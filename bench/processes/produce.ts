// Sends events as fast as they are acknowledged: the lines of a file, or what a crowd plays; prints events a second.
import { readFile } from 'node:fs/promises'
import { createProducer } from '../../src/kafka/producer.ts'
import type { Compression } from '../../src/settings/config.ts'
import { runPlayhead } from '../playhead.ts'
import { answer, told } from '../script.ts'

/** As large as the simulator's own. */
const AT_ONCE = 5_000

const { bootstrap, topic, events, compression, payloads, cloudEvents } = told<{
  bootstrap: string
  topic: string
  events: number
  compression: Compression
  /** Null for a crowd. */
  payloads: string | null
  /** Whether the crowd's events bear the headers of CloudEvents. */
  cloudEvents: boolean
}>()

async function sendLines(file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  // Without keys, as the peer sends them.
  const records = lines.map((line) => ({ key: null, value: Buffer.from(line) }))
  const producer = createProducer({ brokers: [bootstrap] }, { topic, role: 'bench', retries: 5, compression })
  // Connecting is no part of it; the peer does not count it either.
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

/** The command as people run it; its start is no part of it, so what a few events take is taken off. */
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
