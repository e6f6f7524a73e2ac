import { execFile } from 'node:child_process'
import { access, constants, readFile, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Admin } from '@platformatic/kafka'
import { isLoopback } from '../api/guard.ts'
import { runningBroker } from '../kafka/broker-orphan.ts'
import { BROKER_HOST, brokerFiles } from '../kafka/broker-settings.ts'
import { clientOptions, connectionOf, kafkaReason } from '../kafka/client.ts'
import { installedJars } from '../kafka/jars.ts'
import { findJava } from '../kafka/java.ts'
import { kafkaRefusal } from '../kafka/refusal.ts'
import { dataDirectoryUse } from '../runtime/data-directory.ts'
import { Failure } from '../runtime/failure.ts'
import { isPortFree } from '../runtime/port.ts'
import type { Config } from '../settings/config.ts'
import { askServerVersion } from '../store/server.ts'
import type { Command } from './command.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OLDEST_NODE = 24
const GB = 1e9
const LOW_SPACE = 2 * GB
const NO_SPACE = 0.2 * GB
const PING_MS = 5_000
const ENGINE_MS = 60_000

type Status = 'ok' | 'warn' | 'fail'

/** Result of one check: `fail` prevents Playhead from starting, `warn` does not. */
interface Finding {
  status: Status
  /** What was found, or what is wrong and what to do. */
  detail: string
}

type Check = (config: Config) => Promise<Finding>

const ok = (detail: string): Finding => ({ status: 'ok', detail })
const warn = (detail: string): Finding => ({ status: 'warn', detail })
const fail = (detail: string): Finding => ({ status: 'fail', detail })

const checkNode: Check = async () => {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= OLDEST_NODE) return ok(node)
  return fail(
    `${node} is too old. Start Playhead with "npm start" or "npx playhead", which use Node ${OLDEST_NODE}.`,
  )
}

const checkJava: Check = async ({ javaHome }) => {
  const { version, command } = await findJava({ javaHome })
  return ok(command === 'java' ? version : `${version} (${command})`)
}

const checkKafkaFiles: Check = async () => {
  if ((await installedJars('broker')) !== null) return ok('downloaded')
  try {
    await promisify(execFile)('mvn', ['--version'])
    return ok('not downloaded yet: the first start downloads them with Maven')
  } catch {
    return fail('not downloaded yet, and Maven is not installed. Install Maven, or set KAFKA_BROKERS.')
  }
}

const checkDataDirectory: Check = async ({ dataDir }) => {
  const there = await nearestThing(dataDir)
  if (!(await stat(there)).isDirectory())
    return fail(`${there} is not a folder. Move it, or set PLAYHEAD_DATA to another folder.`)
  try {
    await access(there, constants.W_OK | constants.X_OK)
  } catch {
    return fail(`${there} is not writable. Change its permissions, or set PLAYHEAD_DATA to another folder.`)
  }
  const { bavail, bsize } = await statfs(there)
  const free = bavail * bsize
  const space = `${(free / GB).toFixed(1)} GB free`
  if (free < NO_SPACE)
    return fail(`${dataDir}: only ${space}. Free some space, or set PLAYHEAD_DATA to another folder.`)
  const use = await dataDirectoryUse(dataDir)
  if (use.inUse) return ok(`${dataDir}: used by ${owner(use.pid)}; ${space}`)
  if (free < LOW_SPACE) return warn(`${dataDir}: only ${space}. Free some space soon.`)
  return ok(`${dataDir}${there === dataDir ? '' : ' (created at the first start)'}: ${space}`)
}

const checkPort: Check = async (config) => {
  const { host, port } = config
  if (await isPortFree(port, host)) return ok('free')
  const use = await dataDirectoryUse(config.dataDir)
  if (use.inUse && (await answersAsPlayhead(config))) return ok(`used by ${owner(use.pid)}`)
  return fail('used by another program. Stop it, or set PORT to a free port.')
}

const checkReach: Check = async ({ host, openToNetwork, publicUrl }) => {
  const proxied = publicUrl === null ? '' : ` and by way of ${publicUrl}`
  if (isLoopback(host)) return ok(`this machine only${proxied}: HOST is ${host}; nobody has to sign in`)
  if (!openToNetwork)
    return fail(`HOST=${host} lets other machines in: leave it out, or set OPEN_TO_NETWORK=on.`)
  return warn(`everyone who reaches HOST=${host} may read and change everything (OPEN_TO_NETWORK=on)`)
}

const checkKafkaPort: Check = async ({ kafkaPort, dataDir }) => {
  if (await isPortFree(kafkaPort, BROKER_HOST)) return ok('free')
  const broker = await runningBroker(brokerFiles(dataDir))
  if (broker === null)
    return fail('used by another program. Stop it, set KAFKA_PORT to a free port, or set KAFKA_BROKERS.')
  const use = await dataDirectoryUse(dataDir)
  if (use.inUse) return ok(`used by the broker of ${owner(use.pid)}`)
  return ok(`used by the broker of an earlier run (process ${broker}); the next start replaces it`)
}

const checkBrokers: Check = async (config) => {
  const connection = connectionOf(config)
  const brokers = connection.brokers.join(', ')
  const admin = new Admin({ ...clientOptions(connection, 'doctor'), retries: 0, timeout: PING_MS })
  try {
    const metadata = await admin.metadata({ topics: [] })
    const there = `${brokers}: ${metadata.brokers.size} broker(s) answer`
    const { tls = null, sasl = null } = connection.security ?? {}
    if (sasl?.mechanism === 'PLAIN' && tls === null)
      return warn(`${there}, but the password is sent unencrypted. Set KAFKA_TLS=on.`)
    return ok(there)
  } catch (error) {
    return fail(
      `${brokers}: ${kafkaRefusal(error)?.message ?? `${kafkaReason(error)}. Check KAFKA_BROKERS and that Kafka is running.`}`,
    )
  } finally {
    await admin.close().catch(() => {})
  }
}

const checkClickHouse: Check = async ({ clickhouseUrl, clickhouseAccess }) => {
  const url = clickhouseUrl ?? ''
  try {
    return ok(await askServerVersion(url, clickhouseAccess, PING_MS))
  } catch (error) {
    return fail(error instanceof Failure ? error.message : String(error))
  }
}

const checkEngine: Check = async () => {
  const script = "import { query } from 'chdb'; process.stdout.write(query('SELECT version()', 'TSV'))"
  try {
    // In a separate process, because an engine built for another processor crashes its process.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      timeout: ENGINE_MS,
    })
    return ok(`ClickHouse ${stdout.trim()}, embedded`)
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    const reason =
      said.split('\n').find((line) => /error/i.test(line)) ?? 'it exited without an error message'
    return fail(`does not load (${reason.trim()}). Set CLICKHOUSE_URL to a ClickHouse server instead.`)
  }
}

const checkPage: Check = async () => {
  const built = await readFile(join(ROOT, 'dist', 'web', 'index.html')).catch(() => null)
  return built === null ? warn('not built yet: "npm start" builds it') : ok('built')
}

/** The checks for these settings, by the name shown in the report. */
function checksFor(config: Config): [string, Check][] {
  const kafka: [string, Check][] =
    config.kafkaBrokers === null
      ? [
          ['Java', checkJava],
          ["Kafka's files", checkKafkaFiles],
          [`Kafka port ${config.kafkaPort}`, checkKafkaPort],
        ]
      : [['Kafka', checkBrokers]]
  return [
    ['Node.js', checkNode],
    ['Data directory', checkDataDirectory],
    ...kafka,
    config.clickhouseUrl === null ? ['ClickHouse', checkEngine] : ['ClickHouse', checkClickHouse],
    [`Port ${config.port}`, checkPort],
    ['Reach', checkReach],
    ['Page', checkPage],
  ]
}

/**
 * Checks everything that Playhead needs, without starting or changing anything.
 * @param out receives the report
 * @returns the exit code: 0 if no check fails
 */
export async function runDoctor(
  config: Config,
  out: { write(text: string): unknown },
  { json = false }: { json?: boolean } = {},
): Promise<number> {
  const report = await Promise.all(
    checksFor(config).map(async ([check, find]) => {
      const finding = await find(config).catch((error: unknown) =>
        fail(error instanceof Error ? error.message : String(error)),
      )
      return { check, ...finding }
    }),
  )
  out.write(json ? `${JSON.stringify(report, null, 2)}\n` : table(report))
  return report.some(({ status }) => status === 'fail') ? 1 : 0
}

/** `playhead doctor`: checks this machine. */
export const doctorCommand: Command = {
  summary: 'check this machine for everything that Playhead needs',
  flags: { json: { type: 'boolean', help: 'print the report as JSON' } },
  run: (config, flags) => runDoctor(config, process.stdout, { json: flags['json'] === true }),
}

function table(report: ({ check: string } & Finding)[]): string {
  const width = Math.max(...report.map(({ check }) => check.length))
  return report
    .map(({ check, status, detail }) => `${check.padEnd(width)}  ${status.padEnd(4)}  ${detail}\n`)
    .join('')
}

/** The path itself, or its nearest existing parent. */
async function nearestThing(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  return there || dirname(path) === path ? path : nearestThing(dirname(path))
}

async function answersAsPlayhead({ host, port }: Config): Promise<boolean> {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  try {
    const response = await fetch(`http://${shown}:${port}/healthz`, { signal: AbortSignal.timeout(PING_MS) })
    const { status } = (await response.json()) as { status?: unknown }
    return status === 'ok'
  } catch {
    return false
  }
}

function owner(pid: number | null): string {
  return pid === null ? 'a running Playhead' : `a running Playhead (process ${pid})`
}
