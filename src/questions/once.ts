import type { StoredListen } from '../listen/stored.ts'
import type { Store } from '../store/store.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

/** The listen that is stored under a once key; null where there is none. */
export async function askByOnceKey(store: Store, key: string): Promise<StoredListen | null> {
  const [row] = await store.rows<ListenRow>(
    `SELECT ${LISTEN_COLUMNS} FROM listens WHERE once_key = {key:String} LIMIT 1`,
    { params: { key }, maxSeconds: 5 },
  )
  return row === undefined ? null : toListen(row)
}
