// The embedded engine behind ClickHouse's HTTP protocol, in a separate process. It stands in for a
// server at `CLICKHOUSE_URL` on a machine that has none. Arguments: the engine's folder and the
// port. It prints its address when it is ready. An optional third argument, a JSON object, enables
// logins (`user`, `password`) and TLS (`certificate`, `key`: PEM files); `readOnly` is a user that
// may not create tables. `/front/hold?inserts=1&ms=5000` delays the next INSERT of listens, like a
// slow network or a busy server. `/front/held` returns the number of delayed INSERTs. With
// `hang_up=1` the client loses its connection at once, but the INSERT still runs. With `part=1` it
// runs for even partitions only, like a cluster in which one of two shards is down.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { text } from 'node:stream/consumers'
import type { DataFormat } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'

const SESSIONS = 6
const [path = '', port = '', guard = '{}'] = process.argv.slice(2)
const { user, password, certificate, key, readOnly = false, cluster } = JSON.parse(guard) as FrontGuard

/** Login that clients must use. */
interface FrontGuard {
  user?: string
  password?: string
  certificate?: string
  key?: string
  readOnly?: boolean
  /** Name of a cluster in which it is the only server. */
  cluster?: string
}

if (cluster !== undefined) {
  // The engine reads server settings from its working directory. It does not listen on this port;
  // it uses the port to identify itself in the cluster.
  const home = `${path}-server`
  mkdirSync(home, { recursive: true })
  const self = '<replica><host>127.0.0.1</host><port>9000</port></replica>'
  writeFileSync(
    `${home}/config.xml`,
    `<clickhouse><tcp_port>9000</tcp_port><remote_servers><${cluster}><shard>${self}</shard></${cluster}></remote_servers></clickhouse>`,
  )
  process.chdir(home)
}

/**
 * Removes the cluster clauses of a statement: without a coordination service, the engine runs it
 * locally.
 */
function alone(statement: string): string {
  if (cluster === undefined) return statement
  return statement
    .replace(` ON CLUSTER '${cluster}'`, '')
    .replace(/ENGINE = Replicated(\w+)\('[^']*', '[^']*'(?:, (\w+))?\)/, 'ENGINE = $1($2)')
}

/** A connection runs one statement at a time, so requests share several connections. */
interface Session {
  connection: ReturnType<typeof createChdbConnection>
  database: string
}

const idle: Session[] = Array.from({ length: SESSIONS }, () => ({
  connection: createChdbConnection({ path }),
  database: 'default',
}))
const waiting: ((session: Session) => void)[] = []

async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const session = idle.pop() ?? (await new Promise<Session>((resolve) => waiting.push(resolve)))
  try {
    return await use(session)
  } finally {
    const next = waiting.shift()
    if (next === undefined) idle.push(session)
    else next(session)
  }
}

// Rows inside a statement (see below) make it longer than the engine's default limit.
for (const { connection } of idle) await connection.command({ query: 'SET max_query_size = 1000000000' })

const hold = { inserts: 0, ms: 0, held: 0, hangUp: false, part: false }

async function heldUp(statement: string, request: IncomingMessage): Promise<void> {
  if (hold.inserts <= 0 || !statement.startsWith('INSERT INTO listens')) return
  hold.inserts -= 1
  hold.held += 1
  if (hold.hangUp) request.socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, hold.ms))
  hold.held -= 1
}

/** Condition that selects the rows of a partial INSERT. */
function partOf(statement: string): string {
  if (!hold.part || !statement.startsWith('INSERT INTO listens')) return statement
  hold.part = false
  return `${statement} AND kafka_partition % 2 = 0`
}

const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/**
 * Parameters that are too long for the address arrive as a form. They join the parameters of the
 * address.
 */
async function takeForm(request: IncomingMessage, query: URLSearchParams): Promise<void> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return
  const form = await new Response(Buffer.concat(await request.toArray()), {
    headers: { 'content-type': type },
  }).formData()
  for (const [name, value] of form) query.set(name, String(value))
}

/**
 * Statement of a request: from the address, a form or the body, or started in the address and
 * continued in the body.
 */
async function statementOf(request: IncomingMessage, query: URLSearchParams): Promise<string> {
  await takeForm(request, query)
  const body = request.readableEnded ? '' : await text(request)
  const begun = query.get('query')
  if (begun === null) return body
  // A server reads the rows of `input(…)` from the body. The embedded engine would insert none
  // without an error, so the rows are passed to its function `format` instead.
  const reads = /\binput\(('[^']*')\)([\s\S]*?)\s+FORMAT (\w+)\s*$/.exec(begun)
  if (reads === null) return body === '' ? begun : `${begun}\n${body}`
  const [all, structure, rest, format] = reads
  return `${begun.slice(0, -all.length)}format(${format}, ${structure}, $front_rows$${body}$front_rows$)${rest}`
}

async function run(request: IncomingMessage, query: URLSearchParams): Promise<Buffer> {
  const statement = await statementOf(request, query)
  if (readOnly && /^CREATE TABLE/.test(statement))
    throw Object.assign(new Error('Not enough privileges. It is necessary to have the grant CREATE TABLE'), {
      code: '497',
      type: 'ACCESS_DENIED',
    })
  await heldUp(statement, request)
  const carriedOut = partOf(alone(statement))
  return await withSession(async (session) => {
    const database = query.get('database') ?? 'default'
    if (session.database !== database) {
      await session.connection.command({ query: `USE \`${database.replaceAll('`', '')}\`` })
      session.database = database
    }
    const given = [...query].filter(([name]) => name.startsWith('param_'))
    const sets = given.map(([name, value]) => `SET ${name.replace(/\W/g, '')} = ${quoted(value)}; `)
    const { stream } = await session.connection.query({
      query: sets.join('') + carriedOut,
      clickhouse_settings: { default_format: (query.get('default_format') ?? 'TabSeparated') as DataFormat },
    })
    return Buffer.concat(await stream.toArray())
  })
}

/** Returns the engine's error as a server does: its code in a header, its text in the body. */
function refuse(response: ServerResponse, error: unknown): void {
  const { code, type, message } = error as { code?: string; type?: string; message?: string }
  const callersFault =
    type !== undefined && /SYNTAX|UNKNOWN|BAD_|ILLEGAL|TYPE_MISMATCH|CANNOT_PARSE/.test(type)
  response
    .writeHead(callersFault ? 400 : 500, { 'x-clickhouse-exception-code': code ?? '1002' })
    .end(
      `Code: ${code ?? 1002}. DB::Exception: ${message ?? String(error)} (${type ?? 'UNKNOWN_EXCEPTION'})\n`,
    )
}

function mayEnter({ headers }: IncomingMessage): boolean {
  if (user === undefined) return true
  const named = headers['x-clickhouse-user'] === user && headers['x-clickhouse-key'] === password
  return named || headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

const answer: RequestListener = (request, response) => {
  const url = new URL(request.url ?? '/', 'http://front')
  if (url.pathname === '/ping') {
    response.writeHead(200).end('Ok.\n')
    return
  }
  if (url.pathname === '/front/hold') {
    hold.inserts = Number(url.searchParams.get('inserts'))
    hold.ms = Number(url.searchParams.get('ms'))
    hold.hangUp = url.searchParams.get('hang_up') === '1'
    hold.part = url.searchParams.get('part') === '1'
  }
  if (url.pathname.startsWith('/front/')) {
    response.writeHead(200).end(String(hold.held))
    return
  }
  if (!mayEnter(request)) {
    const type = 'AUTHENTICATION_FAILED'
    const message = 'Authentication failed: password is incorrect, or there is no user with such name.'
    response.writeHead(403, { 'x-clickhouse-exception-code': '516' })
    response.end(`Code: 516. DB::Exception: ${message} (${type})\n`)
    return
  }
  run(request, url.searchParams).then(
    (rows) =>
      response.writeHead(200, { 'x-clickhouse-query-id': url.searchParams.get('query_id') ?? '' }).end(rows),
    (error: unknown) => refuse(response, error),
  )
}

const secure = certificate !== undefined && key !== undefined
const server = secure
  ? createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
  : createServer(answer)
server.keepAliveTimeout = 60_000
server.listen(Number(port), '127.0.0.1', () =>
  process.stdout.write(`${secure ? 'https' : 'http'}://127.0.0.1:${port}\n`),
)
// The engine's threads would keep the process running.
process.once('SIGTERM', () => process.exit(0))
