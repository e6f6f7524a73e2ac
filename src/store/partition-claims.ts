import { randomUUID } from 'node:crypto'
import { wait } from '../runtime/wait.ts'
import type { Store } from './store.ts'

/** The right to store partitions of a topic, until somebody else claims them. */
export interface Claim {
  topicId: string
  partitions: readonly number[]
  /** Changes when the claim is renewed. */
  owner: string
}

const LONGEST_INSERT_MS = 10_000
const LOOK_MS = 100
const REFUSAL = 'PARTITIONS_CLAIMED_BY_ANOTHER'

/**
 * Claims partitions in a store that several processes fill. From here on the store refuses INSERTs under older claims,
 * however late they arrive; those that it had already begun are waited for. So what the store says afterwards about
 * how far a partition is stored stays true until the holder of the claim stores more.
 * @throws Error when an INSERT that began before does not end within ten seconds; a retry can help
 */
export async function claimPartitions(
  store: Store,
  topicId: string,
  partitions: readonly number[],
): Promise<Claim> {
  const claim = { topicId, partitions, owner: '' }
  await renewClaim(store, claim)
  return claim
}

/**
 * Claims the same partitions again, so that the store refuses what was sent under this claim so far: an INSERT of which
 * no answer came may still be on its way.
 * @throws Error as {@link claimPartitions}
 */
export async function renewClaim(store: Store, claim: Claim): Promise<void> {
  const { topicId, partitions } = claim
  const owner = randomUUID()
  const [newest] = await store.rows<[number]>(
    'SELECT max(number) FROM claims WHERE topic_id = {topic:UUID} AND kafka_partition IN {partitions:Array(UInt32)}',
    { params: { topic: topicId, partitions }, newest: true },
  )
  // Two who claim at once may take the same number; the owner's id then decides, for both alike.
  const number = (newest?.[0] ?? 0) + 1
  await store.insert(
    { table: 'claims', columns: ['topic_id', 'kafka_partition', 'number', 'owner'] },
    partitions.map((partition) => JSON.stringify([topicId, partition, number, owner])),
  )
  const deadline = performance.now() + LONGEST_INSERT_MS
  // What begins after the claim is in the store looks at it; only what had begun before is waited for.
  for (let begun = await insertsOf(store); begun.length > 0; begun = await stillRunning(store, begun)) {
    if (performance.now() > deadline) throw new Error('an INSERT of another process is still running')
    await wait(LOOK_MS)
  }
  claim.owner = owner
}

/** INSERTs of listens that run now, on a cluster those of all servers that answer. */
async function insertsOf(store: Store): Promise<string[]> {
  const rows = await store.rows<[string]>(
    `SELECT DISTINCT initial_query_id FROM ${store.everyCopy('system.processes')}
     WHERE query LIKE 'INSERT INTO %' AND substring(query, 1, 100) LIKE '%listens%'`,
    { withoutDead: true },
  )
  return rows.map(([id]) => id)
}

async function stillRunning(store: Store, begun: readonly string[]): Promise<string[]> {
  const running = await insertsOf(store)
  return running.filter((id) => begun.includes(id))
}

/** Makes an INSERT fail in the store when the claim on one of its partitions is no longer the latest. */
export function underClaim({ topicId, owner }: Claim, partitions: readonly number[]) {
  return {
    condition: `(SELECT throwIf(countIf(holder = {owner:UUID}) != {wanted:UInt32}, '${REFUSAL}') FROM (
      SELECT argMax(owner, (number, owner)) AS holder FROM claims
      WHERE topic_id = {topic:UUID} AND kafka_partition IN {partitions:Array(UInt32)} GROUP BY kafka_partition)) = 0`,
    params: { topic: topicId, owner, partitions, wanted: partitions.length },
  }
}

/** Whether a failed INSERT was refused because of a newer claim. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.includes(REFUSAL)
}
