import { readdir, readFile } from 'node:fs/promises'
import { Failure } from '../runtime/failure.ts'
import type { Store } from './store.ts'

const SCHEMA = new URL('../../schema/', import.meta.url)

/**
 * Brings the store's tables to the newest numbered schema. Each file runs once; its statements can be repeated, so
 * a migration that a crash cut short runs again from its first statement.
 * @returns the numbers that were applied now
 * @throws Failure STORE_TOO_NEW when the store was written by a newer Playhead, CLICKHOUSE_TOO_OLD when the server cannot
 *   do what the schema needs
 */
export async function migrate(store: Store): Promise<number[]> {
  await requireProjectionsOnMerge(store)
  await store.run(
    `CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, applied_at DateTime DEFAULT now())
     ENGINE = MergeTree ORDER BY number`,
  )
  const files = (await readdir(SCHEMA)).filter((name) => /^\d{3}_\w+\.sql$/.test(name)).sort()
  const numbers = files.map((name) => Number(name.slice(0, 3)))
  const applied = new Set(
    (await store.rows<[number]>('SELECT number FROM migrations', { newest: true })).map(([number]) => number),
  )
  for (const number of applied)
    if (!numbers.includes(number))
      throw new Failure(
        'STORE_TOO_NEW',
        `The store holds schema ${number}, which this version of Playhead does not know. Update Playhead, or use another data directory (PLAYHEAD_DATA) or ClickHouse database.`,
      )
  const done: number[] = []
  for (const name of files) {
    const number = Number(name.slice(0, 3))
    if (applied.has(number)) continue
    const text = await readFile(new URL(name, SCHEMA), 'utf8')
    for (const statement of text.split(/;\s*$/m)) if (hasCode(statement)) await store.run(statement)
    await store.insert({ table: 'migrations', columns: ['number', 'name'] }, [JSON.stringify([number, name])])
    done.push(number)
  }
  return done
}

/** The youngest thing of ClickHouse that the schema uses, since 26.7: rollups that are built when parts are merged. */
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
