import type { StoredListen } from '../listen/stored.ts'
import type { ListenSource } from './listen-source.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

/** The listens that are stored under these once keys, by key. */
export async function askByOnceKeys(
  source: ListenSource,
  keys: readonly string[],
): Promise<Map<string, StoredListen>> {
  const rows = await source.rows<[string, ...ListenRow]>(
    (from) =>
      `SELECT once_key, ${LISTEN_COLUMNS} ${from('once_key IN {keys:Array(String)}')} LIMIT 1 BY once_key`,
    { params: { keys }, maxSeconds: 5 },
  )
  return new Map(rows.map(([key, ...row]) => [key, toListen(source.scope, row)]))
}
