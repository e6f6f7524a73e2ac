import { randomUUID } from 'node:crypto'
import type { Store } from './store.ts'

/**
 * The store's own name, made when the store is. All processes that fill one store share a consumer group named
 * after it; a fresh store has a fresh group and so reads the topic from its beginning.
 * @returns eight hexadecimal digits
 */
export async function storeIdentity(store: Store): Promise<string> {
  await store.run(
    `CREATE TABLE IF NOT EXISTS store_identity (id String, made_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = MergeTree ORDER BY made_at`,
  )
  // Two processes that start at once may both write one; the earliest counts for both.
  const read = () =>
    store.rows<[string]>('SELECT id FROM store_identity ORDER BY made_at, id LIMIT 1', { newest: true })
  const [known] = await read()
  if (known !== undefined) return known[0]
  await store.insert({ table: 'store_identity', columns: ['id'] }, [
    JSON.stringify([randomUUID().slice(0, 8)]),
  ])
  const [made] = await read()
  if (made === undefined) throw new Error('the store did not keep its identity')
  return made[0]
}
