// Sends the lines of a file to a topic at a rate, repeatedly, until SIGTERM; prints the number of
// records and the time.
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createProducer } from '../../src/kafka/producer.ts'
import { listenKey } from '../../src/listen/key.ts'
import { answer, told } from '../script.ts'
import { COMPRESSION } from '../topic.ts'

export interface Load {
  bootstrap: string
  topic: string
  payloads: string
  /** Events per second. */
  rate: number
}

export interface Loaded {
  sent: number
  seconds: number
}

/** Frequent enough to be steady. */
const EVERY_MS = 10
/** More would not fit into one request. */
const MOST_AT_ONCE = 2_000
const LINES = 50_000

const { bootstrap, topic, payloads, rate } = told<Load>()
const lines = (await readFile(payloads, 'utf8')).split('\n', LINES).filter((line) => line !== '')
const records = lines.map((line) => ({ key: listenKey(JSON.parse(line)), value: Buffer.from(line) }))
const producer = createProducer(
  { brokers: [bootstrap] },
  { topic, role: 'load', retries: 20, compression: COMPRESSION },
)
let stopped = false
process.once('SIGTERM', () => {
  stopped = true
})
const started = performance.now()
let sent = 0
let next = 0
while (!stopped) {
  const due = Math.floor(((performance.now() - started) / 1000) * rate) - sent
  const count = Math.min(due, MOST_AT_ONCE, records.length - next)
  if (count > 0) await producer.send(records.slice(next, next + count))
  sent += Math.max(0, count)
  next = (next + Math.max(0, count)) % records.length
  if (due <= MOST_AT_ONCE) await wait(EVERY_MS)
}
const seconds = (performance.now() - started) / 1000
await producer.close()
answer({ sent, seconds } satisfies Loaded)
