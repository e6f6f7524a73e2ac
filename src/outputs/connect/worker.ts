import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { brokerMark, stopOrphan, stopProcess } from '../../kafka/broker-orphan.ts'
import type { KafkaConnection } from '../../kafka/client.ts'
import { ensureJars } from '../../kafka/jars.ts'
import { findJava } from '../../kafka/java.ts'
import { endWithProcess } from '../../runtime/children.ts'
import { Failure } from '../../runtime/failure.ts'
import { makeFolder } from '../../runtime/folder.ts'
import { isPortFree } from '../../runtime/port.ts'
import { keepFilesPrivate } from '../../runtime/private-files.ts'
import { wait } from '../../runtime/wait.ts'
import type { ConnectMode, Variable } from '../../settings/connect.ts'
import type { Secret } from '../../settings/secret.ts'
import type { Connector } from './connector.ts'
import { type ConnectRest, connectRest } from './rest.ts'
import { restPassword, writeRestLogin } from './rest-login.ts'
import { loginOf, workerSettings } from './worker-settings.ts'

const LOG_SETTINGS = new URL('../../../kafka/log4j2.xml', import.meta.url)
const CLASSES: Record<ConnectMode, string> = {
  standalone: 'org.apache.kafka.connect.cli.ConnectStandalone',
  distributed: 'org.apache.kafka.connect.cli.ConnectDistributed',
}
const START_MS = 180_000
const POLL_MS = 200

export interface WorkerOptions {
  connection: KafkaConnection
  connectors: readonly Connector[]
  mode: ConnectMode
  /** Of the REST interface, as the port. */
  host: string
  port: number
  /** Password of the REST interface; null for one that is made now. */
  password: Secret | null
  dataDir: string
  javaHome: string | null
  variable: Variable
  /** Told what the start is doing, such as `Fetching the connector postgres, 12 files`. */
  onProgress: (doing: string) => void
}

/** One run of a Kafka Connect worker. */
export interface Worker {
  rest: ConnectRest
  /** Resolves when its process is gone, with how it ended. */
  ended: Promise<string>
  /** Lets tasks finish what they have, and resolves when the process is gone. */
  stop(): Promise<void>
}

/**
 * Starts a Kafka Connect worker with the plugins of these connectors, fetching both the first time, and waits until it
 * answers. A worker that an earlier Playhead left running is stopped before.
 * @throws Failure that says what is missing; no process is left then
 */
export async function startWorker(options: WorkerOptions, signal: AbortSignal): Promise<Worker> {
  const { connection, connectors, mode, host, port, dataDir, onProgress } = options
  const password = restPassword(mode, options.password)
  const home = join(dataDir, 'connect')
  const logs = join(dataDir, 'logs')
  const files = { home, pid: join(home, 'worker.pid') }
  keepFilesPrivate()
  for (const folder of [home, logs]) await makeFolder(folder)
  const java = await findJava({ javaHome: options.javaHome })
  const classPath = await ensureJars('tools', {
    onProgress: (detail) => onProgress(`Fetching Kafka Connect, ${detail}`),
    signal,
  })
  // No plugin: the language of its condition is looked for among what the connector brings, and what all have.
  const rules = await ensureJars('connect-rules', {
    onProgress: (detail) => onProgress(`Fetching what checks listens, ${detail}`),
    signal,
  })
  const plugins = join(home, 'plugins')
  await rm(plugins, { recursive: true, force: true })
  await mkdir(plugins)
  for (const { name } of connectors) {
    const jars = await ensureJars(`connect-${name}`, {
      onProgress: (detail) => onProgress(`Fetching the connector ${name}, ${detail}`),
      signal,
    })
    await symlink(dirname(jars), join(plugins, name))
  }
  await stopOrphan(files, onProgress, 'Kafka Connect worker')
  if (!(await isPortFree(port, host)))
    throw new Failure(
      'PORT_IN_USE',
      `Port ${port} is used by another program. Stop it, or set CONNECT_PORT to a free port for Kafka Connect.`,
    )
  const settings = join(home, 'worker.properties')
  // It may hold the key of our own certificate.
  await writeFile(
    settings,
    workerSettings(connection, { mode, host, port, plugins, positions: join(home, 'positions') }, connectors),
    { mode: 0o600 },
  )
  const jaas = await writeRestLogin(home, password)
  const log = join(logs, 'connect.log')
  const output = openSync(join(logs, 'connect.out'), 'w')
  const child = spawn(
    java.command,
    [
      '-Xmx384m',
      '-XX:+UseG1GC',
      '-XX:+ExitOnOutOfMemoryError',
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${LOG_SETTINGS.href}`,
      `-Dplayhead.kafka.log=${log}`,
      `-Djava.security.auth.login.config=${jaas}`,
      brokerMark(files),
      '-cp',
      `${classPath}${delimiter}${rules}`,
      CLASSES[mode],
      settings,
    ],
    {
      cwd: home,
      // Like the broker: a terminal's Ctrl-C does not reach it, and it is stopped in its turn.
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...inherited(options.variable),
        ...Object.assign({}, ...connectors.map(({ environment }) => environment)),
        ...loginOf(connection),
      },
    },
  )
  closeSync(output)
  const ended = once(child, 'exit').then(([code, by]) => (by === null ? `exit code ${code}` : `signal ${by}`))
  const { pid } = child
  if (pid === undefined)
    throw new Failure('CONNECT_START_FAILED', 'Java could not be started for Kafka Connect.')
  endWithProcess(child)
  await writeFile(files.pid, `${pid}\n`)
  const worker: Worker = {
    rest: connectRest(`http://${host}:${port}`, password),
    ended,
    async stop() {
      await stopProcess(pid)
      await ended
      await rm(files.pid, { force: true })
    },
  }
  const how = await answers(worker, signal)
  if (how === null) return worker
  await worker.stop()
  signal.throwIfAborted()
  throw new Failure('CONNECT_START_FAILED', `Kafka Connect did not start: ${how} (its log: ${log})`)
}

/** What a program needs of the environment; the rest, passwords among it, is not the worker's. */
function inherited(variable: Variable): Record<string, string> {
  return Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = variable(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** @returns null when the worker answers, or else why it does not */
async function answers({ rest, ended }: Worker, signal: AbortSignal): Promise<string | null> {
  let over: string | null = null
  ended.then((how) => {
    over = `it ended with ${how}`
  })
  for (const until = Date.now() + START_MS; Date.now() < until && !signal.aborted; ) {
    if (over !== null) return over
    const there = await rest.ping().then(
      () => true,
      () => false,
    )
    if (there) return null
    await wait(POLL_MS, signal)
  }
  return `it did not answer within ${START_MS / 1000} s`
}
