/** Servers that hold the tables together. */
export interface ClickHouseCluster {
  /** As `remote_servers` of their configuration calls it. */
  name: string
  database: string
}

/**
 * Tables that are too large for one server, and by what their rows are spread. All others are small and on every server, so
 * that a question finds them beside any shard.
 *
 * By Kafka partition, because an INSERT is atomic within a shard only: so what a batch holds of one partition is stored
 * whole or not at all, and how far it is stored is still told by its highest offset.
 */
const SPREAD_BY: Readonly<Record<string, string>> = { listens: 'kafka_partition' }

/** The table that holds a shard's rows of a table that is spread. */
export function shardTable(table: string): string {
  return `${table}_shard`
}

export function isSpread(table: string): boolean {
  return Object.hasOwn(SPREAD_BY, table)
}

/**
 * Makes of a statement of the numbered schema those that do the same on all servers of a cluster: replicated tables, and
 * in front of those that are spread a Distributed one under the name that questions use.
 * @throws Error for a statement of another kind than the schema has had so far
 */
export function onCluster(statement: string, cluster: ClickHouseCluster): string[] {
  const [, comments = '', sql = ''] = /^((?:\s*(?:--[^\n]*)?\n)*)\s*([\s\S]*?)\s*$/.exec(statement) ?? []
  const database = /^CREATE DATABASE IF NOT EXISTS (\w+)$/.exec(sql)
  if (database !== null) return [`${sql} ON CLUSTER '${cluster.name}'`]
  const made =
    /^CREATE TABLE IF NOT EXISTS (\w+)(\s*\([\s\S]*\)\s*)ENGINE = (\w*MergeTree)(?:\((\w+)\))?([\s\S]*)$/.exec(
      sql,
    )
  if (made !== null) return created(made, comments, cluster)
  const [, table, change] = /^ALTER TABLE (\w+)\s+([\s\S]+)$/.exec(sql) ?? []
  if (table !== undefined && change !== undefined) return altered(table, change, cluster)
  throw new Error(`how this is done on a cluster is not known: ${sql.slice(0, 80)}`)
}

function created(parts: RegExpExecArray, comments: string, { name, database }: ClickHouseCluster): string[] {
  const [, table = '', columns = '', engine = '', version, rest = ''] = parts
  const spread = SPREAD_BY[table]
  const target = spread === undefined ? table : shardTable(table)
  // Tables that are on every server are one shard to the replication, so their copies are told apart by both macros.
  const [path, replica] =
    spread === undefined ? [`all/${table}`, '{shard}-{replica}'] : [`{shard}/${table}`, '{replica}']
  const more = version === undefined ? '' : `, ${version}`
  const held = `${comments}CREATE TABLE IF NOT EXISTS ${database}.${target} ON CLUSTER '${name}'${columns}ENGINE = Replicated${engine}('/clickhouse/tables/${database}/${path}', '${replica}'${more})${rest}`
  if (spread === undefined) return [held]
  return [
    held,
    `CREATE TABLE IF NOT EXISTS ${database}.${table} ON CLUSTER '${name}' AS ${database}.${target} ENGINE = Distributed('${name}', '${database}', '${target}', ${spread})`,
  ]
}

function altered(table: string, change: string, { name, database }: ClickHouseCluster): string[] {
  const alter = (target: string, what: string) =>
    `ALTER TABLE ${database}.${target} ON CLUSTER '${name}' ${what}`
  if (!isSpread(table)) return [alter(table, change)]
  const statements = [alter(shardTable(table), change)]
  // The Distributed table holds nothing, so of its columns only names and types count.
  if (/^(ADD|MODIFY|DROP) COLUMN /.test(change))
    statements.push(alter(table, change.replace(/\s+CODEC\([\s\S]*\)$/, '')))
  return statements
}
