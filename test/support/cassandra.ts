import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import cassandra from 'cassandra-driver'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import { until } from './until.ts'

const START_MS = 120_000

/**
 * Options with which Cassandra keeps what it acknowledged when it is killed, over the `periodic` of its usual settings.
 * compose.yaml gives it the same.
 */
export const DURABLE = [
  '-Dcassandra.config.allow_system_properties=true',
  '-Dcassandra.settings.commitlog_sync=batch',
  '-Dcassandra.settings.commitlog_sync_period=0ms',
]

/** The default user of a new Cassandra. */
export const CASSANDRA_USER = 'cassandra'

/** A real Cassandra with logins, on loopback. */
export interface RunningCassandra {
  /** `host:port` for clients. */
  address: string
  /** A client that is connected as the superuser. */
  connect(password?: string): Promise<cassandra.Client>
  /** Kills it without a shutdown. */
  kill(): Promise<void>
  /** Starts it again with the same folder and address. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Starts a Cassandra in a separate folder. The first start downloads its jars. */
export async function startCassandra(): Promise<RunningCassandra> {
  const classPath = await ensureJars('cassandra')
  const { command } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const home = await mkdtemp(join(tmpdir(), 'playhead-cassandra-'))
  const [port, storagePort] = [await freePort(), await freePort()]
  await mkdir(join(home, 'triggers'))
  await writeFile(join(home, 'cassandra.yaml'), settings(home, port, storagePort))
  await writeFile(join(home, 'logback.xml'), LOGBACK)
  const log = join(home, 'log')
  const connect = async (password = CASSANDRA_USER) => {
    const client = new cassandra.Client({
      contactPoints: [`127.0.0.1:${port}`],
      localDataCenter: 'datacenter1',
      credentials: { username: CASSANDRA_USER, password },
      queryOptions: { prepare: true, fetchSize: 5_000 },
    })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const output = openSync(log, 'a')
    const before = (await readFile(log, 'utf8')).length
    const started = spawn(command, [...JAVA_OPTIONS, ...daemon(home, classPath)], {
      stdio: ['ignore', output, output],
    })
    child = started
    await until(
      'Cassandra answers',
      async () => {
        const said = (await readFile(log, 'utf8')).slice(before)
        if (started.exitCode !== null)
          throw new Error(`Cassandra ended with ${started.exitCode}:\n${said.slice(-4_000)}`)
        // A new Cassandra creates its first user shortly after it opens its port.
        return (
          said.includes('Starting listening for CQL') &&
          (before > 0 || said.includes('Created default superuser'))
        )
      },
      START_MS,
    )
  }

  async function kill(): Promise<void> {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    ending.kill('SIGKILL')
    await once(ending, 'exit')
  }

  // Ctrl-C during a test run must not leave a server running.
  process.once('exit', () => child?.kill('SIGKILL'))
  await start()
  return {
    address: `127.0.0.1:${port}`,
    connect,
    kill,
    start,
    async close() {
      await kill()
      await rm(home, { recursive: true, force: true })
    },
  }
}

function daemon(home: string, classPath: string): string[] {
  return [
    `-Dcassandra.config=file://${home}/cassandra.yaml`,
    `-Dlogback.configurationFile=${home}/logback.xml`,
    `-Dcassandra.storagedir=${home}`,
    `-Dcassandra.triggers_dir=${home}/triggers`,
    '-cp',
    classPath,
    'org.apache.cassandra.service.CassandraDaemon',
  ]
}

function settings(home: string, port: number, storagePort: number): string {
  const folders = ['data', 'commitlog', 'saved_caches', 'hints', 'cdc_raw'].map((name) => `${home}/${name}`)
  const [data, commitLog, caches, hints, cdc] = folders
  return `cluster_name: playhead-test
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
data_file_directories: [${data}]
commitlog_directory: ${commitLog}
saved_caches_directory: ${caches}
hints_directory: ${hints}
cdc_raw_directory: ${cdc}
commitlog_sync: periodic
commitlog_sync_period: 10000ms
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: ${storagePort}
native_transport_port: ${port}
start_native_transport: true
endpoint_snitch: SimpleSnitch
authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${storagePort}"
`
}

const LOGBACK = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
`

// Options that Cassandra's scripts pass to Java 17 (jvm17-server.options).
const EXPORTS = [
  'java.base/java.lang.ref',
  'java.base/jdk.internal.misc',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
]
const OPENS = [
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.module',
  'java.base/java.lang.reflect',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'java.rmi/sun.rmi.transport.tcp',
  'jdk.management/com.sun.management.internal',
]
const JAVA_OPTIONS = [
  ...DURABLE,
  '-Xms512m',
  '-Xmx512m',
  '-Xss512k',
  '-XX:+UseSerialGC',
  '-Djdk.attach.allowAttachSelf=true',
  ...EXPORTS.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...OPENS.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  '-Dcassandra-foreground=true',
  // A single node has no other nodes to wait for.
  '-Dcassandra.ring_delay_ms=0',
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.superuser_setup_delay_ms=0',
  '-Djava.net.preferIPv4Stack=true',
]
