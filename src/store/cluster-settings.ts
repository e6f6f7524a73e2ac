import type { ClickHouseSettings } from '@clickhouse/client'
import { type ClickHouseCluster, isSpread, shardTable } from './cluster-ddl.ts'
import type { Ask } from './store.ts'

/** A server that is down does its part of a change of the tables when it is back. */
// The client does not know this mode, which servers have had since 24.4.
export const DDL_SETTINGS = {
  distributed_ddl_output_mode: 'throw_only_active',
} as object as ClickHouseSettings

/**
 * Tables that coordinate processes: a row written through any server must be visible through every
 * other server. Their INSERTs take turns, which `select_sequential_consistency` needs; all others need not wait for each other.
 */
const IN_TURN = ['migrations', 'store_identity', 'claims', 'leader_epochs', 'lineages']

/** Settings of an INSERT: it is acknowledged when most copies have it, and an INSERT through a Distributed table waits for that. */
export function settingsOfInsert(table: string): Record<string, string | number> {
  return {
    insert_quorum: "'auto'",
    insert_quorum_timeout: 60_000,
    insert_quorum_parallel: IN_TURN.includes(table) ? 0 : 1,
    distributed_foreground_insert: 1,
    // What it is guarded by is read here too.
    select_sequential_consistency: 1,
  }
}

/** Settings of a question, as they follow others. */
export function settingsOfQuestion({ newest = false, withoutDead = false }: Ask): string {
  const settings: [string, string | number][] = [
    // A subquery on a table that is spread is answered once for all shards.
    ['distributed_product_mode', "'global'"],
    ['select_sequential_consistency', Number(newest)],
    ['skip_unavailable_shards', Number(withoutDead)],
  ]
  return settings.map(([name, value]) => `, ${name} = ${value}`).join('')
}

/** A table as SQL that reads each server's copy of it. */
export function everyCopyOf(table: string, { name, database }: ClickHouseCluster): string {
  const [first = '', second] = table.split('.')
  const [where, what] = second === undefined ? [database, first] : [first, second]
  return `clusterAllReplicas('${name}', ${where}, ${isSpread(what) ? shardTable(what) : what})`
}
