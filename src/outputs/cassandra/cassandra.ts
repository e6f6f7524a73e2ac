import { randomUUID } from 'node:crypto'
import type { Client, ClientOptions } from 'cassandra-driver'
import type { CassandraAccess } from '../../settings/sinks.ts'
import type { HandedListen, SinkTarget } from '../sink/target.ts'
import { monthOf, type Statement, type Statements, statementsFor } from './statements.ts'
import { BY_SONG, BY_USER, IDENTITY, LISTEN_COLUMNS, ONCE_KEYS, TABLES } from './tables.ts'
import { cassandraTrouble } from './trouble.ts'

/** Concurrent statements. */
const CONCURRENCY = 128
/** Remembered user months, so that a month is not written for every listen. */
const REMEMBERED_MONTHS = 200_000

type Driver = typeof import('cassandra-driver')

interface Opened {
  driver: Driver
  client: Client
  statements: Statements
}

/** Cassandra as a target. The driver loads when it is first opened. */
export function createCassandra(access: CassandraAccess): SinkTarget {
  const { keyspace } = access
  let opened: Opened | null = null
  const months = new Set<string>()

  async function close(): Promise<void> {
    const closing = opened?.client
    opened = null
    await closing?.shutdown().catch(() => {})
  }

  async function run({ driver, client }: Opened, statements: readonly Statement[]): Promise<void> {
    await driver.concurrent.executeConcurrent(client, [...statements], {
      concurrencyLevel: CONCURRENCY,
      raiseOnFirstError: true,
      collectResults: false,
    })
  }

  /**
   * Drops listens whose once key belongs to another record. Cassandra decides which record was first.
   */
  async function withoutRepeats(
    { client }: Opened,
    listens: readonly HandedListen[],
  ): Promise<readonly HandedListen[]> {
    if (listens.every(({ onceKey }) => onceKey === '')) return listens
    const kept: HandedListen[] = []
    for (const handed of listens)
      if (handed.onceKey === '' || (await claim(client, handed)) === handed.id) kept.push(handed)
    return kept
  }

  /** @returns the listen that a once key belongs to */
  async function claim(client: Client, { onceKey, id }: HandedListen): Promise<string> {
    const result = await client.execute(
      `INSERT INTO ${keyspace}.${ONCE_KEYS} (once_key, listen_id) VALUES (?, ?) IF NOT EXISTS`,
      [onceKey, id],
    )
    return result.wasApplied() ? id : String(result.first()?.['listen_id'])
  }

  return {
    name: 'cassandra',
    async open() {
      await close()
      months.clear()
      const { default: driver } = await import('cassandra-driver')
      const client = new driver.Client(clientOptions(driver, access))
      // An unhandled error event would end the process; the statements report the failure.
      client.on('error', () => {})
      opened = { driver, client, statements: statementsFor(keyspace, driver.types.unset) }
      await client.connect()
      await ensureTables(client, access)
      return await identityOf(client, keyspace)
    },
    async write(listens) {
      if (opened === null) throw new Error('Cassandra was not opened')
      const { statements } = opened
      const kept = await withoutRepeats(opened, listens)
      const found = new Map<string, Statement>()
      for (const handed of kept) {
        const { user_id } = handed.listen
        const month = monthOf(handed)
        const key = `${month} ${user_id}`
        if (!months.has(key)) found.set(key, statements.monthOfUser(user_id, month))
      }
      // The month first, so that every listen can be found.
      await run(opened, [...found.values()])
      await run(
        opened,
        kept.flatMap((handed) => [statements.byUser(handed), statements.bySong(handed)]),
      )
      if (months.size > REMEMBERED_MONTHS) months.clear()
      for (const key of found.keys()) months.add(key)
    },
    troubleOf: (error) => cassandraTrouble(error, access.contactPoints),
    close,
  }
}

function clientOptions(driver: Driver, access: CassandraAccess): ClientOptions {
  const { contactPoints, localDc, username, password, tls } = access
  return {
    contactPoints: [...contactPoints],
    localDataCenter: localDc,
    ...(username === null || password === null
      ? {}
      : { authProvider: new driver.auth.PlainTextAuthProvider(username, password.reveal()) }),
    ...(tls === null
      ? {}
      : { sslOptions: { ...(tls.ca === null ? {} : { ca: [tls.ca] }), rejectUnauthorized: true } }),
    queryOptions: {
      prepare: true,
      // Writes are idempotent, so the driver may retry on the next host.
      isIdempotent: true,
      consistency: driver.types.consistencies.localQuorum,
      serialConsistency: driver.types.consistencies.localSerial,
    },
    // The sink opens a new client after a failure; until then a returning host should be noticed soon.
    policies: { reconnection: new driver.policies.reconnection.ConstantReconnectionPolicy(1_000) },
    socketOptions: { connectTimeout: 5_000, readTimeout: 12_000 },
  }
}

/** Creates what is missing. Needs the right to create or alter only where something is. */
async function ensureTables(
  client: Client,
  { keyspace, localDc, replication }: CassandraAccess,
): Promise<void> {
  const keyspaces = await client.execute(
    'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [keyspace],
  )
  // Names cannot be bound; the settings allow only plain ones.
  if (keyspaces.rowLength === 0)
    await client.execute(
      `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${localDc}': ${replication}}`,
      [],
      { prepare: false },
    )
  const existing = await columnsOf(client, keyspace)
  const run = (statement: string) => client.execute(statement, [], { prepare: false })
  for (const [table, definition] of Object.entries(TABLES))
    if (!existing.has(table)) await run(`CREATE TABLE IF NOT EXISTS ${keyspace}.${table} ${definition}`)
  // Tables that an earlier version created lack the fields that were added since.
  for (const table of [BY_USER, BY_SONG])
    for (const { name, type } of LISTEN_COLUMNS)
      if (existing.get(table)?.has(name) === false)
        await run(`ALTER TABLE ${keyspace}.${table} ADD ${name} ${type}`)
}

/** The columns of the tables in a keyspace, by table. */
async function columnsOf(client: Client, keyspace: string): Promise<Map<string, Set<string>>> {
  const { rows } = await client.execute(
    'SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = ?',
    [keyspace],
  )
  const tables = new Map<string, Set<string>>()
  for (const row of rows) {
    const table = String(row['table_name'])
    tables.set(table, (tables.get(table) ?? new Set()).add(String(row['column_name'])))
  }
  return tables
}

async function identityOf(client: Client, keyspace: string): Promise<string> {
  const id = randomUUID()
  const result = await client.execute(
    `INSERT INTO ${keyspace}.${IDENTITY} (name, id) VALUES ('sink', ?) IF NOT EXISTS`,
    [id],
  )
  return result.wasApplied() ? id : String(result.first()?.['id'])
}
