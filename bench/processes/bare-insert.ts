// Inserts the rows of a topic with the client alone, in batches of the pipeline's size; prints rows
// per second. Reading records and turning them into lines happens before and does not count.
import { Readable } from 'node:stream'
import { type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import { BATCH_LIMITS } from '../../src/pipeline/batch.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { INTO_LISTENS, lineBeginning, listenLine } from '../../src/store/listens.ts'
import { migrate } from '../../src/store/migrations.ts'
import { answer, told } from '../script.ts'

/** More would not fit in memory at once; the rate does not depend on the number. */
const MOST_ROWS = 1_000_000

const { bootstrap, topic, events, path } = told<{
  bootstrap: string
  topic: string
  events: number
  path: string
}>()
await migrate(await openEmbeddedStore(path))
const connection = createChdbConnection({ path }) as unknown
const client = createClient({ connection } as ClickHouseClientConfigOptions)
await client.command({ query: 'USE playhead' })

const fetcher = createFetcher(
  { brokers: [bootstrap] },
  { topic, log: createLogger('silent'), onMissing: () => {} },
)
fetcher.assign(await fetcher.earliest())
const beginning = lineBeginning({ topicId: await fetcher.topicId(), storedAt: Date.now() / 1000 })
const wanted = Math.min(events, MOST_ROWS)
const lines: string[] = []
while (lines.length < wanted)
  for (const record of await fetcher.poll(1_000)) {
    const decoded = decodeListen(record.value, Date.now())
    if (decoded.ok) lines.push(beginning + listenLine(decoded.listen, record).slice(1))
  }
await fetcher.close()

const started = performance.now()
for (let from = 0; from < lines.length; from += BATCH_LIMITS.rows) {
  const body = lines.slice(from, from + BATCH_LIMITS.rows).join('\n')
  await client.exec({
    query: `INSERT INTO ${INTO_LISTENS.table} (${INTO_LISTENS.columns.join(', ')}) FORMAT JSONCompactEachRow`,
    values: Readable.from([body], { objectMode: false }),
  })
}
answer({ rate: lines.length / ((performance.now() - started) / 1000) })
