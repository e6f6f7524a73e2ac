// ClickHouse's Kafka engine in the same embedded engine: a materialised view copies a topic into
// the same table. It checks only types and stores at least once. Prints rows per second from the
// first observed row to the last.
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import { arrivalRate } from '../pace.ts'

const { bootstrap, topic, events, path, consumers, block } = JSON.parse(process.argv[2] ?? '{}') as {
  bootstrap: string
  topic: string
  events: number
  path: string
  consumers: number
  block: number
}
const store = await openEmbeddedStore(path)
await migrate(store)
await store.run(`CREATE TABLE source
(
    user_id String, name String, email String, track_id String, title String, artist String, genre String,
    timestamp Float64, platform String, location Tuple(city String, country String), mood String,
    duration_seconds Float64, listen_position Float64, completed Bool, rating Nullable(Float32), is_skipped Bool
)
ENGINE = Kafka
SETTINGS kafka_broker_list = '${bootstrap}', kafka_topic_list = '${topic}', kafka_group_name = 'engine-${process.pid}',
  kafka_format = 'JSONEachRow', kafka_num_consumers = ${consumers}, kafka_thread_per_consumer = 1,
  kafka_max_block_size = ${block}, kafka_poll_max_batch_size = ${block}, kafka_flush_interval_ms = 1000`)
const countStored = async () => (await store.rows<[number]>('SELECT count() FROM listens'))[0]?.[0] ?? 0
await store.run(`CREATE MATERIALIZED VIEW carry TO listens AS SELECT
  toUUID('00000000-0000-0000-0000-000000000001') AS topic_id, toUInt32(_partition) AS kafka_partition, _offset AS kafka_offset,
  now64(3) AS stored_at, fromUnixTimestamp64Milli(toInt64(timestamp * 1000)) AS listened_at,
  user_id, name, email, track_id, title, artist, genre, platform, tupleElement(location, 'city') AS city,
  tupleElement(location, 'country') AS country, mood, duration_seconds, listen_position, completed, rating, is_skipped
  FROM source`)
const rate = await arrivalRate(countStored, events)
// The engine's consumers would keep the process running.
process.stdout.write(JSON.stringify({ rate }), () => process.exit(0))
