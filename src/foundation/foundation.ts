import { join } from 'node:path'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type Catalogue, openCatalogue } from '../catalogue/catalogue.ts'
import { initialCatalogue } from '../catalogue/initial.ts'
import type { KafkaConnection } from '../kafka/client.ts'
import { createProbe, type KafkaProbe } from '../kafka/probe.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { Failure } from '../runtime/failure.ts'
import { makeFolder } from '../runtime/folder.ts'
import type { Config } from '../settings/config.ts'
import { adviceOn } from '../store/advice.ts'
import { openClickHouse, openEmbeddedStore } from '../store/clickhouse.ts'
import { migrate } from '../store/migrations.ts'
import { storeRefusal } from '../store/refusal.ts'
import type { Store } from '../store/store.ts'
import { storeIdentity } from '../store/store-id.ts'

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

/** How a start shows its steps and is interrupted. */
export interface Start {
  /** Ends the start. */
  signal: AbortSignal
  /** Told the step that takes time. */
  onProgress: (doing: string) => void
}

/** A start that reports its steps to the log. */
export function startOf(log: Logger, signal: AbortSignal): Start {
  return { signal, onProgress: (doing) => log.info(doing) }
}

/**
 * Opens what the roles share.
 * @param connection an existing Kafka, or the broker that was started for it
 */
export async function openFoundation(
  config: Config,
  connection: KafkaConnection,
  log: Logger,
  start?: Start,
): Promise<Foundation> {
  await ensureTopics(connection, config.topic)
  return await explained(open(config, connection, log, start))
}

async function open(
  config: Config,
  connection: KafkaConnection,
  log: Logger,
  start?: Start,
): Promise<Foundation> {
  await using opened = new AsyncDisposableStack()
  const store = opened.adopt(await openStore(config, start), (open) => open.close())
  const catalogue = await openCatalogue(store, await initialCatalogue())
  const probe = opened.adopt(createProbe(connection, config.topic), (open) => open.close())
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const groupId = `playhead-${await storeIdentity(store)}`
  const all = opened.move()
  return {
    config,
    connection,
    store,
    groupId,
    catalogue,
    probe,
    registry,
    log,
    close: () => all.disposeAsync(),
  }
}

/** Opens the store and brings it to the newest schema. */
export async function openStore(config: Config, start?: Start): Promise<Store> {
  const { clickhouseUrl: url, clickhouseAccess: access, clickhouseCluster: cluster } = config
  if (url === null) return await explained(openEmbedded(join(config.dataDir, 'store'), start))
  const store = await openClickHouse(url, access, cluster)
  try {
    await migrate(store, start)
  } catch (error) {
    throw storeRefusal(error, new URL(url).host) ?? error
  }
  return store
}

async function openEmbedded(path: string, start?: Start): Promise<Store> {
  await makeFolder(path)
  const store = await openEmbeddedStore(path)
  await migrate(store, start)
  return store
}

/** Turns errors of the store that a person can fix into a Failure. */
async function explained<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    const advice = error instanceof Failure ? null : adviceOn(error)
    if (advice === null) throw error
    throw new Failure('STORE_UNUSABLE', `The store cannot be used: ${advice}.`, { cause: error })
  }
}
