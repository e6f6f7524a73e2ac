// Does what the roles do with a new store, in an engine whose settings and users are those of config.xml in the folder where its
// process is; ends with 1 and the engine's words where it may not.
import { randomUUID } from 'node:crypto'
import { NO_EXTRAS } from '../../src/listen/fields.ts'
import { migrate } from '../../src/store/migrations.ts'
import { claimPartitions } from '../../src/store/partition-claims.ts'
import { resumePoints } from '../../src/store/resume.ts'
import { storeIdentity } from '../../src/store/store-id.ts'
import { event } from './event.ts'
import { openStoreHere } from './store-here.ts'
import { storeListens } from './store-listens.ts'

try {
  const store = await openStoreHere()
  await migrate(store)
  await storeIdentity(store)
  const topicId = randomUUID()
  await claimPartitions(store, topicId, [0])
  const known = { ...event(), email: '', track_id: '', completed: true, rating: null, is_skipped: false }
  const listen = { ...NO_EXTRAS, ...known }
  await storeListens(store, { topicId, storedAt: Date.now() / 1000 }, [listen])
  const points = await resumePoints(store, topicId, [0])
  process.stdout.write(`${JSON.stringify([...points.values()])}\n`, () => process.exit(0))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1))
}
