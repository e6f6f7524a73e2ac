import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Catalogue, openCatalogue } from '../catalogue/catalogue.ts'
import { initialCatalogue } from '../catalogue/initial.ts'
import type { Config } from '../config.ts'
import type { KafkaConnection } from '../kafka/client.ts'
import { createProbe, type KafkaProbe } from '../kafka/probe.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { openClickHouse, openEmbeddedStore } from '../store/clickhouse.ts'
import { storeIdentity } from '../store/identity.ts'
import { migrate } from '../store/migrations.ts'
import type { Store } from '../store/store.ts'

/** What every role stands on: Kafka with its topics, a migrated store, the catalogue. */
export interface Foundation {
  config: Config
  connection: KafkaConnection
  store: Store
  /** Names the consumer group: all processes that fill this store share it. */
  groupId: string
  catalogue: Catalogue
  probe: KafkaProbe
  registry: Registry
  log: Logger
  close(): Promise<void>
}

/**
 * Opens what the roles share.
 * @param connection an existing Kafka, or the broker that was started for it
 */
export async function openFoundation(
  config: Config,
  connection: KafkaConnection,
  log: Logger,
): Promise<Foundation> {
  await ensureTopics(connection, config.topic)
  const store = await openStore(config)
  await migrate(store)
  const catalogue = await openCatalogue(store, await initialCatalogue())
  const probe = createProbe(connection, config.topic)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    config,
    connection,
    store,
    groupId: `playhead-${await storeIdentity(store)}`,
    catalogue,
    probe,
    registry,
    log,
    async close() {
      await probe.close()
      await store.close()
    },
  }
}

async function openStore({ clickhouseUrl, clickhouseAccess, dataDir }: Config): Promise<Store> {
  if (clickhouseUrl !== null) return await openClickHouse(clickhouseUrl, clickhouseAccess)
  const path = join(dataDir, 'store')
  await mkdir(path, { recursive: true })
  return await openEmbeddedStore(path)
}
