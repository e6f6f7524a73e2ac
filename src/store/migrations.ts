import { readdir, readFile } from 'node:fs/promises'
import { Failure } from '../runtime/failure.ts'
import { runAfterRewrites } from './rewrites.ts'
import type { Store } from './store.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)
const ALTERED = /^(?:\s*(?:--[^\n]*)?\n)*\s*ALTER TABLE (\w+)/

export interface MigrateOptions {
  /** Ends a migration between two statements; the next start continues it. */
  signal?: AbortSignal
  /** Told the step that takes time, such as `Rewriting listens: 12 parts left`. */
  onProgress?: (doing: string) => void
}

/**
 * Brings the tables of the store to the newest numbered schema. Each file runs once. Its statements can be repeated, so an
 * interrupted migration starts again with the first statement of its file.
 *
 * Some statements start a rewrite of stored rows, which continues in the background while the store answers. A later
 * statement that depends on such a rewrite waits for it.
 * @returns numbers of the files that ran
 * @throws Failure STORE_TOO_NEW if a newer Playhead has written the store, CLICKHOUSE_TOO_OLD if the server lacks a
 *   feature; the reason of `signal` when it aborts
 */
export async function migrate(store: Store, options: MigrateOptions = {}): Promise<number[]> {
  await requireProjectionsOnMerge(store)
  await store.run(
    `CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, applied_at DateTime DEFAULT now())
     ENGINE = MergeTree ORDER BY number`,
  )
  const files = (await readdir(SCHEMA)).filter((name) => /^\d{3}_\w+\.sql$/.test(name)).sort()
  const applied = await appliedNumbers(store)
  for (const number of applied)
    if (!files.some((name) => numberOf(name) === number))
      throw new Failure(
        'STORE_TOO_NEW',
        `The store holds schema ${number}, which this version of Playhead does not know. Update Playhead, or use another data directory (PLAYHEAD_DATA) or ClickHouse database.`,
      )
  const done: number[] = []
  for (const name of files) {
    const number = numberOf(name)
    if (applied.has(number)) continue
    await apply(store, await readFile(new URL(name, SCHEMA), 'utf8'), options)
    await store.insert({ table: 'migrations', columns: ['number', 'name'] }, [JSON.stringify([number, name])])
    done.push(number)
  }
  return done
}

const numberOf = (file: string) => Number(file.slice(0, 3))

async function appliedNumbers(store: Store): Promise<Set<number>> {
  const rows = await store.rows<[number]>('SELECT number FROM migrations', { newest: true })
  return new Set(rows.map(([number]) => number))
}

async function apply(
  store: Store,
  text: string,
  { signal = new AbortController().signal, onProgress }: MigrateOptions,
): Promise<void> {
  for (const statement of text.split(/;\s*$/m).filter(hasCode)) {
    signal.throwIfAborted()
    const table = ALTERED.exec(statement)?.[1]
    if (table === undefined) await store.run(statement)
    else await runAfterRewrites(store, table, statement, { signal, onProgress })
  }
}

/** The newest feature that the schema uses, since 26.7: rollups that are built when parts are merged. */
async function requireProjectionsOnMerge(store: Store): Promise<void> {
  const [[version, able] = ['', 0]] = await store.rows<[string, number]>(
    `SELECT version(), count() FROM system.merge_tree_settings WHERE name = 'materialize_projections_on_merge'`,
  )
  if (able > 0) return
  throw new Failure(
    'CLICKHOUSE_TOO_OLD',
    `Playhead needs ClickHouse 26.7 or newer; this server is ${version}. Update it, or name another with CLICKHOUSE_URL.`,
  )
}

function hasCode(statement: string): boolean {
  return statement.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('--'))
}
