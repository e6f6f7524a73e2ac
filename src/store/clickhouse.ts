import { Readable } from 'node:stream'
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client'
import type { ChdbConnection } from 'chdb/connection'
import { Failure } from '../runtime/failure.ts'
import type { ClickHouseAccess } from '../settings/credentials.ts'
import { type ClickHouseCluster, onCluster } from './cluster-ddl.ts'
import { DDL_SETTINGS, everyCopyOf, settingsOfInsert, settingsOfQuestion } from './cluster-settings.ts'
import { engineArguments } from './engine-settings.ts'
import { storeFailure } from './refusal.ts'
import { serverOptions } from './server.ts'
import type { Ask, Guard, Store } from './store.ts'

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>

const DATABASE = 'playhead'
const QUESTION_CONNECTIONS = 3
const DEFAULT_MAX_SECONDS = 10
const SERVER_CONNECTIONS = 16
/** An INSERT may be held up by merges; a question ends itself much earlier. */
const REQUEST_MS = 120_000
const BACKGROUND_MS = 3_600_000

// One INSERT must become one part: no parallel parsing, no squashing into several blocks, no buffering on the
// server that would answer before the rows are safe.
const ONE_PART = {
  input_format_parallel_parsing: 0,
  max_insert_block_size: 1_048_576,
  min_insert_block_size_rows: 0,
  min_insert_block_size_bytes: 0,
  max_insert_threads: 1,
  async_insert: 0,
}

// The rows pass through a SELECT here, which must not split them either.
function guarded({ structure, condition }: Guard): string {
  return `, max_block_size = 1048576, max_threads = 1 SELECT * FROM input('${structure}') WHERE ${condition}`
}

const FORMAT = 'JSONCompactEachRow'

interface Pool {
  inserts: ClickHouseClient
  questions: ClickHouseClient[]
  /** For long-running statements. */
  background: ClickHouseClient
  insert: Store['insert']
  cluster?: ClickHouseCluster | undefined
}

function storeOf({ inserts, questions, background, insert, cluster }: Pool): Store {
  // A connection of the embedded engine runs one statement at a time, so a question takes the one with the
  // shortest queue.
  const waiting = questions.map(() => 0)

  async function onQuestion<T>(use: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    const least = waiting.indexOf(Math.min(...waiting))
    const client = questions[least] ?? inserts
    waiting[least] = (waiting[least] ?? 0) + 1
    try {
      return await use(client)
    } finally {
      waiting[least] = (waiting[least] ?? 1) - 1
    }
  }

  return {
    rows<Row extends readonly unknown[]>(
      sql: string,
      { params, maxSeconds = DEFAULT_MAX_SECONDS, background: long = false, settings, ...asked }: Ask = {},
    ) {
      const across = cluster === undefined ? '' : settingsOfQuestion(asked)
      const ask = async (client: ClickHouseClient) => {
        const result = await client.query({
          query: `${sql}\nSETTINGS max_execution_time = ${Number(maxSeconds)}, ${READING}${across}${settings === undefined ? '' : `, ${settings}`}`,
          format: 'JSONCompactEachRow',
          ...(params === undefined ? {} : { query_params: params }),
        })
        return (await result.json()) as Row[]
      }
      return long ? ask(background) : onQuestion(ask)
    },

    async run(sql, { background: long = false } = {}) {
      // What takes long moves rows, and none of the schema does.
      if (long) {
        await background.command({ query: sql })
        return
      }
      for (const query of cluster === undefined ? [sql] : onCluster(sql, cluster))
        await inserts.command({
          query,
          ...(cluster === undefined ? {} : { clickhouse_settings: DDL_SETTINGS }),
        })
    },

    everyCopy: (table) => (cluster === undefined ? table : everyCopyOf(table, cluster)),
    isCluster: cluster !== undefined,

    insert,

    async ping() {
      // With a statement, because whether a server answers says nothing about the login.
      const result = await inserts.ping({ select: true })
      if (!result.success) throw result.error
    },

    async close() {
      await Promise.all([...new Set([inserts, ...questions, background])].map((client) => client.close()))
    },
  }
}

/**
 * Lines as bytes. Written one by one, because joined first they would be copied twice, and all of them as wide characters
 * as soon as one has such.
 */
function bytesOf(lines: readonly string[] | Buffer): Buffer {
  if (Buffer.isBuffer(lines)) return lines
  // No character of a string takes more than three bytes; what is not written is never touched.
  const bytes = Buffer.allocUnsafeSlow(lines.reduce((sum, { length }) => sum + 3 * length + 1, 0))
  let end = 0
  for (const line of lines) end += bytes.write(`${line}\n`, end)
  return bytes.subarray(0, end)
}

/**
 * How questions are read. The engine's filter for the first rows of an order would take the place of the question's own
 * conditions, so that all columns of all rows were read. And it looks a condition up in the whole dictionary of a column for each
 * block of rows, so blocks are four times as large as it would make them: what scans millions of rows takes a fifth less time.
 */
const READING = [
  'output_format_json_quote_64bit_integers = 0',
  'use_top_k_dynamic_filtering = 0',
  'max_block_size = 262144',
  'preferred_block_size_bytes = 8388608',
].join(', ')

/** INSERTs into a server. */
function insertsOver(client: ClickHouseClient, cluster?: ClickHouseCluster): Store['insert'] {
  return async (into, lines, guard) => {
    if (lines.length === 0) return
    const told = { ...ONE_PART, ...(cluster === undefined ? {} : settingsOfInsert(into.table)) }
    const settings = Object.entries(told).map(([name, value]) => `${name} = ${value}`)
    const result = await client.exec({
      query: `INSERT INTO ${into.table} (${into.columns.join(', ')}) SETTINGS ${settings.join(', ')} ${guard === undefined ? '' : guarded(guard)} FORMAT ${FORMAT}`,
      ...(guard === undefined ? {} : { query_params: guard.params }),
      values: Readable.from([bytesOf(lines)], { objectMode: false }),
    })
    // The answer is empty, but an unread one would hold its connection.
    result.stream.resume()
  }
}

/**
 * INSERTs into the embedded engine. The client would pass the rows to it as part of the statement, which costs four
 * copies on the main thread; handed over as bytes they cost one.
 */
function insertsInto({ chdb }: ChdbConnection): Store['insert'] {
  return async ({ table, columns }, lines) => {
    if (lines.length === 0) return
    await chdb.rawInsert({
      table,
      columns: [...columns],
      settings: ONE_PART,
      format: FORMAT,
      values: bytesOf(lines),
    })
  }
}

/**
 * Opens the embedded engine on a folder of this machine. One process owns the folder at a time.
 * @param path absolute path of the engine's folder; made if absent
 * @throws Failure STORE_UNUSABLE when the engine cannot use the folder; the engine has printed why
 */
export async function openEmbeddedStore(path: string): Promise<Store> {
  // Loaded here, so that a Playhead that uses a server does not need the engine, which is half a gigabyte.
  const [{ Session }, { createChdbConnection }] = await Promise.all([
    import('chdb'),
    import('chdb/connection'),
  ])
  // The same interface at run time; the two packages differ in how they write optional properties.
  const clientOf = (connection: ChdbConnection) =>
    createClient({ connection: connection as unknown as Connection })
  const open = () => clientOf(createChdbConnection({ path }))
  let pool: Pool
  let first: InstanceType<typeof Session>
  try {
    // All connections are to one engine, and only the first can say how it is started.
    first = new Session(path, { connectionArgs: await engineArguments(path) })
    const connection = createChdbConnection({ path })
    pool = {
      inserts: clientOf(connection),
      questions: Array.from({ length: QUESTION_CONNECTIONS }, open),
      background: open(),
      insert: insertsInto(connection),
    }
  } catch (error) {
    throw unusable(path, error)
  }
  await pool.inserts.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}` })
  for (const client of [pool.inserts, ...pool.questions, pool.background])
    await client.command({ query: `USE ${DATABASE}` })
  const store = storeOf(pool)
  return {
    ...store,
    async close() {
      await store.close()
      first.close()
    },
  }
}

function unusable(path: string, cause: unknown): Failure {
  return new Failure(
    'STORE_UNUSABLE',
    `The store in ${path} cannot be opened; the line above says why. If its disk is full or cannot be written, mend that and start again. If its files are damaged, move the folder away (mv ${path} ${path}.damaged) and start again: Playhead then fills a new store with all that the topic still holds.`,
    { cause },
  )
}

/**
 * Opens a ClickHouse server or cluster.
 * @param url `http(s)://host:port/database`; the database is `playhead` unless the address names one
 * @param clusterName where the tables are spread over the servers of a cluster: its name in their configuration
 * @throws Failure STORE_AUTH_FAILED, STORE_NOT_ALLOWED, STORE_TLS_FAILED, STORE_CLUSTER_UNKNOWN, or STORE_UNREACHABLE when it
 *   does not answer
 */
export async function openClickHouse(
  url: string,
  access?: ClickHouseAccess,
  clusterName: string | null = null,
): Promise<Store> {
  const named = new URL(url).pathname.length > 1
  const database = named ? decodeURIComponent(new URL(url).pathname.slice(1)) : DATABASE
  const cluster = clusterName === null ? undefined : { name: clusterName, database }
  const options = {
    ...serverOptions(url, access),
    request_timeout: REQUEST_MS,
    max_open_connections: SERVER_CONNECTIONS,
  }
  try {
    if (cluster !== undefined) await findCluster(options, cluster)
    if (!named) {
      const bare = createClient(options)
      const sql = `CREATE DATABASE IF NOT EXISTS ${DATABASE}`
      const statements = cluster === undefined ? [sql] : onCluster(sql, cluster)
      for (const query of statements)
        await bare.command({ query, ...(cluster === undefined ? {} : { clickhouse_settings: DDL_SETTINGS }) })
      await bare.close()
    }
    const client = createClient(named ? options : { ...options, database: DATABASE })
    await client.command({ query: 'SELECT 1' })
    // A long statement says nothing until it ends, which is no reason to give it up.
    const background = createClient({
      ...options,
      ...(named ? {} : { database: DATABASE }),
      request_timeout: BACKGROUND_MS,
    })
    return storeOf({
      inserts: client,
      questions: [client],
      background,
      insert: insertsOver(client, cluster),
      cluster,
    })
  } catch (error) {
    throw storeFailure(error, new URL(url).host)
  }
}

/** Asks every server of a cluster that answers, so that a wrong name or a missing right shows before anything is made. */
async function findCluster(
  options: ClickHouseClientConfigOptions,
  cluster: ClickHouseCluster,
): Promise<void> {
  const client = createClient(options)
  try {
    const query = `SELECT count() FROM ${everyCopyOf('system.one', cluster)} SETTINGS skip_unavailable_shards = 1`
    await client.command({ query })
  } finally {
    await client.close()
  }
}
