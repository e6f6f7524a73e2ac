// Inserts the rows of a topic with the client alone, in batches as large as the pipeline's; prints rows a second. Reading
// and turning records into lines is done before and not counted.
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import { createLogger } from '../../src/logger.ts'
import { BATCH_LIMITS } from '../../src/pipeline/batch.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { LISTENS_COLUMNS, listenLine } from '../../src/store/listens.ts'
import { migrate } from '../../src/store/migrations.ts'

/** More than these would not fit in memory at a time; the rate does not depend on how many there are. */
const MOST_ROWS = 1_000_000

const { bootstrap, topic, events, path } = JSON.parse(process.argv[2] ?? '{}') as {
  bootstrap: string
  topic: string
  events: number
  path: string
}
const store = await openEmbeddedStore(path)
await migrate(store)
const fetcher = createFetcher(
  { brokers: [bootstrap] },
  { topic, log: createLogger('silent'), onMissing: () => {} },
)
fetcher.assign(await fetcher.earliest())
const topicId = await fetcher.topicId()
const wanted = Math.min(events, MOST_ROWS)
const lines: string[] = []
while (lines.length < wanted)
  for (const { value, partition, offset } of await fetcher.poll(1_000)) {
    const now = Date.now()
    const decoded = decodeListen(value, now)
    if (decoded.ok) lines.push(listenLine(decoded.listen, { topicId, partition, offset }, now / 1000))
  }
await fetcher.close()
const started = performance.now()
for (let from = 0; from < lines.length; from += BATCH_LIMITS.rows)
  await insertListens(store, lines.slice(from, from + BATCH_LIMITS.rows))
const seconds = (performance.now() - started) / 1000
await store.close()
process.stdout.write(JSON.stringify({ rate: lines.length / seconds }), () => process.exit(0))
