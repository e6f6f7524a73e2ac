import { orAborted } from '../runtime/or-aborted.ts'
import { retry } from '../runtime/retry.ts'
import { wait } from '../runtime/wait.ts'
import type { Store } from './store.ts'

const RETRY = { firstMs: 100, lastMs: 1_000 }
const WATCH_MS = 1_000
const REASON_LENGTH = 200

export interface RewriteWait {
  /** Ends the wait. */
  signal: AbortSignal
  /** Told how much is left to rewrite, whenever that changes. */
  onProgress?: ((doing: string) => void) | undefined
}

/**
 * Runs a statement that alters a table. The engine rewrites stored rows in the background (a mutation), and refuses to drop
 * what an unfinished rewrite writes: the statement is repeated until these rewrites are finished.
 * @throws the reason of `signal` when it aborts
 */
export async function runAfterRewrites(
  store: Store,
  table: string,
  statement: string,
  { signal, onProgress }: RewriteWait,
): Promise<void> {
  const over = new AbortController()
  const watching = watchRewrites(store, table, onProgress, over.signal)
  try {
    // A running statement cannot be cancelled: the engine completes it, or repeats it after its next start.
    await orAborted(
      retry(() => store.run(statement), { ...RETRY, signal, canHelp: waitsForRewrite }),
      signal,
    )
  } finally {
    over.abort()
    await watching
  }
}

/** Whether the statement succeeds once rewrites are finished; a server may take longer over them than a request may. */
function waitsForRewrite(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error)
  return /affected by mutation .* not finished yet/.test(message) || /timeout/i.test(message)
}

async function watchRewrites(
  store: Store,
  table: string,
  onProgress: RewriteWait['onProgress'],
  signal: AbortSignal,
): Promise<void> {
  let told: string | null = null
  for (;;) {
    await wait(WATCH_MS, signal)
    if (signal.aborted) return
    // Reading this table may need a right that the user of a server lacks.
    const left = await rewritesLeft(store, table).catch(() => '')
    if (signal.aborted) return
    if (left !== null && left !== told) onProgress?.(`Rewriting ${table} for this version of Playhead${left}`)
    told = left
  }
}

/** Returns how much is left to rewrite; null if nothing is. */
async function rewritesLeft(store: Store, table: string): Promise<string | null> {
  const [[database] = ['']] = await store.rows<[string]>('SELECT currentDatabase()')
  // On a cluster, a table of the shard has the rows; see cluster-ddl.ts.
  const [[parts, reason] = [0, '']] = await store.rows<[number, string]>(
    `SELECT sum(parts_to_do), anyIf(latest_fail_reason, latest_fail_reason != '')
     FROM ${store.everyCopy('system.mutations')}
     WHERE database = {database:String} AND table IN ({table:String}, concat({table:String}, '_shard')) AND NOT is_done`,
    { params: { database, table }, withoutDead: true },
  )
  if (parts === 0) return null
  const trouble = reason === '' ? '' : `; the last attempt failed: ${reason.slice(0, REASON_LENGTH)}`
  return `: ${parts.toLocaleString('en')} parts left${trouble}`
}
