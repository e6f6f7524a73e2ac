// Plays a crowd into a topic as fast as it goes; prints events a second from the first send to the last acknowledgement.
import { initialCatalogue } from '../../src/catalogue/initial.ts'
import type { Compression } from '../../src/config.ts'
import { createProducer } from '../../src/kafka/producer.ts'
import { createLogger } from '../../src/logger.ts'
import { simulate } from '../../src/roles/simulator.ts'

const { bootstrap, topic, events, compression } = JSON.parse(process.argv[2] ?? '{}') as {
  bootstrap: string
  topic: string
  events: number
  compression: Compression
}
const { songs, ...choices } = await initialCatalogue()
const producer = createProducer({ brokers: [bootstrap] }, { topic, role: 'bench', retries: 5, compression })
const play = (count: number) =>
  simulate(
    { producer, songs: () => songs, choices, rate: 1e9, seed: 7, count, log: createLogger('silent') },
    new AbortController().signal,
  )
// Connecting is no part of it; the peer does not count it either.
await play(100)
const started = performance.now()
await play(events)
const seconds = (performance.now() - started) / 1000
await producer.close()
process.stdout.write(JSON.stringify({ rate: events / seconds }))
