import { createChdbConnection } from 'chdb/connection'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import type { Store } from '../../src/store/store.ts'

/**
 * Opens a store in the folder where the process is, in an engine whose settings are those of config.xml there, as a server's are.
 * All connections of a process are to one engine, and the first one says how it is started: it must come before Playhead's own.
 */
export async function openStoreHere(): Promise<Store> {
  const path = `${process.cwd()}/data`
  createChdbConnection({ path })
  return await openEmbeddedStore(path)
}
