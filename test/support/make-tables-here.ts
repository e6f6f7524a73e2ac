// Makes the tables of a cluster in an engine whose settings are those of config.xml in the folder where its process is, and
// prints the replicas that it knows of them, as JSON. Only CREATE: without a server around it the engine does not take part in
// the replication, so its tables can be made but not changed, nor given up in order: whoever started it ends it.
import { readdir, readFile } from 'node:fs/promises'
import { onCluster } from '../../src/store/cluster-ddl.ts'
import { openStoreHere } from './store-here.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const cluster = { name: 'playhead', database: 'playhead' }
const store = await openStoreHere()
for (const name of (await readdir(SCHEMA)).sort())
  for (const statement of (await readFile(new URL(name, SCHEMA), 'utf8')).split(/;\s*$/m)) {
    if (!statement.includes('CREATE TABLE')) continue
    for (const made of onCluster(statement, cluster))
      await store.run(made.replace(" ON CLUSTER 'playhead'", ''))
  }
const replicas = await store.rows(
  'SELECT table, zookeeper_path, replica_name, total_replicas FROM system.replicas ORDER BY table',
)
process.stdout.write(`${JSON.stringify(replicas)}\n`)
await new Promise(() => setInterval(() => {}, 60_000))
