import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Admin } from '@platformatic/kafka'
import { clientOptions, type KafkaConnection } from '../../src/kafka/client.ts'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import type { KafkaSecurity, SaslMechanism } from '../../src/settings/credentials.ts'
import { Secret } from '../../src/settings/secret.ts'
import { type Authority, makeAuthority, writeKeyStore } from './certificates.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const QUIET = ['-Xmx256m', '-Dlog4j2.level=OFF', '-Dlog4j2.StatusLogger.level=OFF']

/** A broker that requires logins and enforces ACLs. */
export interface SecureKafka {
  authority: Authority
  /** `host:port` for logins by name and password, over TLS. */
  saslAddress: string
  /** `host:port` for logins by certificate. */
  tlsAddress: string
  /** An admin client of the superuser. */
  admin: KafkaConnection
  /** Runs Kafka's `kafka-acls` with these arguments, as the administrator. */
  acls(args: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Names and passwords by SASL mechanism. */
export type Users = Record<SaslMechanism, Record<string, string>>

/** Starts a broker from Kafka's jars with TLS, SASL and ACLs, in a separate folder. */
export async function startSecureKafka(folder: string, users: Users): Promise<SecureKafka> {
  await mkdir(folder, { recursive: true })
  const java = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const [brokerJars, toolJars] = [await ensureJars('broker'), await ensureJars('tools')]
  const authority = await makeAuthority(join(folder, 'certificates'))
  const keyStore = join(folder, 'broker.pem')
  await writeKeyStore(keyStore, await authority.sign('broker'))

  const [sasl, tls, controller] = [await freePort(), await freePort(), await freePort()]
  const password = randomBytes(12).toString('hex')
  const settings = join(folder, 'server.properties')
  const plain = { ...users.PLAIN, admin: password }
  await writeFile(settings, propertiesText({ sasl, tls, controller, keyStore, ca: authority.ca, plain }))
  const scram = (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).flatMap((mechanism) =>
    Object.entries(users[mechanism]).flatMap(([name, secret]) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${secret}]`,
    ]),
  )
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings, ...scram]
  await run(java.command, [...QUIET, '-cp', brokerJars, ...format], { cwd: folder })

  const child = spawn(
    java.command,
    ['-Xmx384m', '-Dlog4j2.level=WARN', '-cp', brokerJars, 'kafka.Kafka', settings],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const exited = once(child, 'exit')
  const security: KafkaSecurity = {
    tls: { ca: await readFile(authority.ca, 'utf8'), client: null },
    sasl: { mechanism: 'PLAIN', username: 'admin', password: new Secret(password) },
  }
  const admin = { brokers: [`127.0.0.1:${sasl}`], security }
  await until('the broker answers', async () => {
    if (child.exitCode !== null) throw new Error(`the broker ended:\n${output}`)
    return await answers(admin)
  })
  const adminSettings = join(folder, 'admin.properties')
  await writeFile(adminSettings, adminText(authority.ca, password))
  return {
    authority,
    saslAddress: `127.0.0.1:${sasl}`,
    tlsAddress: `127.0.0.1:${tls}`,
    admin,
    async acls(args) {
      const where = ['--bootstrap-server', `127.0.0.1:${sasl}`, '--command-config', adminSettings]
      const command = ['org.apache.kafka.tools.AclCommand', ...where, ...args]
      await run(java.command, [...QUIET, '-cp', toolJars, ...command])
    },
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

interface Layout {
  sasl: number
  tls: number
  controller: number
  keyStore: string
  ca: string
  plain: Record<string, string>
}

function propertiesText({ sasl, tls, controller, keyStore, ca, plain }: Layout): string {
  const logins = Object.entries(plain).map(([name, secret]) => `user_${name}="${secret}"`)
  const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const listeners = `SASL_SSL://127.0.0.1:${sasl},SSL://127.0.0.1:${tls}`
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'SSL',
    'log.dirs': 'data',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'listener.name.ssl.ssl.client.auth': 'required',
    'ssl.principal.mapping.rules': 'RULE:^CN=(.*?)$/$1/',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${logins.join(' ')};`,
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scramLogin,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scramLogin,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Only the controller needs no login; it has a separate port.
    'super.users': 'User:admin;User:broker;User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': false,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 2,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 33_554_432,
    'message.max.bytes': 16_777_216,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

function adminText(ca: string, password: string): string {
  return `security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="${password}";
ssl.truststore.type=PEM
ssl.truststore.location=${ca}
`
}

async function answers(connection: KafkaConnection): Promise<boolean> {
  const client = new Admin({ ...clientOptions(connection, 'test'), retries: 0 })
  try {
    return (await client.metadata({ topics: [], forceUpdate: true })).brokers.size > 0
  } catch {
    return false
  } finally {
    await client.close().catch(() => {})
  }
}
