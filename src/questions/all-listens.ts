import type { StoredListen } from '../listen/stored.ts'
import type { Store } from '../store/store.ts'
import { type Filter, whereOf } from './filter.ts'
import { askListens } from './listens.ts'

/** Few enough that no other question waits long for one, and that one fits in memory many times. */
const PAGE = 5_000

export interface AllListens {
  count: number
  /** The newest first. Ends early where it is no longer read. */
  pages: AsyncGenerator<StoredListen[]>
}

/** All listens of a filter that are stored at this moment, however many; those stored meanwhile are left out. */
export async function askAllListens(store: Store, filter: Filter): Promise<AllListens> {
  const [[last] = [0]] = await store.rows<[number]>(
    'SELECT toUnixTimestamp64Milli(max(stored_at)) FROM listens',
  )
  const { sql, params } = whereOf(filter)
  const [[count] = [0]] = await store.rows<[number]>(
    `SELECT count() FROM listens WHERE ${sql} AND stored_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')`,
    { params: { ...params, last }, maxSeconds: 60 },
  )
  return { count, pages: pagesOf(store, filter, last) }
}

async function* pagesOf(store: Store, filter: Filter, last: number): AsyncGenerator<StoredListen[]> {
  let cursor: string | null = null
  do {
    const query = { ...filter, limit: PAGE, ...(cursor === null ? {} : { cursor }) }
    const page = await askListens(store, query, last)
    if (page.listens.length > 0) yield page.listens
    cursor = page.next
  } while (cursor !== null)
}
