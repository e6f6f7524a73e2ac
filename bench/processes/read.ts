// Reads a topic from its beginning and decodes every record; prints events a second.
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import { createLogger } from '../../src/runtime/logger.ts'

const { bootstrap, topic, events } = JSON.parse(process.argv[2] ?? '{}') as {
  bootstrap: string
  topic: string
  events: number
}
const fetcher = createFetcher(
  { brokers: [bootstrap] },
  { topic, log: createLogger('silent'), onMissing: () => {} },
)
fetcher.assign(await fetcher.earliest())
const started = performance.now()
let good = 0
for (let read = 0; read < events; ) {
  const records = await fetcher.poll(1_000)
  const now = Date.now()
  for (const { value } of records) if (decodeListen(value, now).ok) good += 1
  read += records.length
}
const seconds = (performance.now() - started) / 1000
await fetcher.close()
process.stdout.write(JSON.stringify({ rate: good / seconds }))
