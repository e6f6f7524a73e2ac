import type { StoredListen } from '../listen/stored.ts'
import type { Store } from '../store/store.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

/** The listens that are stored under these once keys, by key. */
export async function askByOnceKeys(
  store: Store,
  keys: readonly string[],
): Promise<Map<string, StoredListen>> {
  const rows = await store.rows<[string, ...ListenRow]>(
    `SELECT once_key, ${LISTEN_COLUMNS} FROM listens WHERE once_key IN {keys:Array(String)} LIMIT 1 BY once_key`,
    { params: { keys }, maxSeconds: 5 },
  )
  return new Map(rows.map(([key, ...row]) => [key, toListen(row)]))
}
