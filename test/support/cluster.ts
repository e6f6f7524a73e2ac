import './end-on-signal.ts'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Connection, describeQuorumV2 } from '@platformatic/kafka'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import { administer } from './kafka.ts'
import { until } from './until.ts'

const HOST = '127.0.0.1'
const NODES = [1, 2, 3]
const LOG_SETTINGS = new URL('../../kafka/log4j2.xml', import.meta.url)

/**
 * Three brokers that are also controllers, as in small clusters. Acknowledged records are on at
 * least two of them.
 */
export interface Cluster {
  directory: string
  /** `host:port,…` of all brokers, for clients. */
  bootstrap: string
  nodes: readonly number[]
  /** The node that is the active controller. */
  controller(): Promise<number>
  /** Kills a node without a shutdown. */
  kill(node: number): Promise<void>
  /** Suspends a node at any point, like a machine that hangs. @returns resumes it */
  pause(node: number): () => void
  /** Starts a node again. */
  start(node: number): Promise<void>
  /** Waits until all nodes answer and each has all acknowledged records of a topic. */
  untilInSync(topic: string): Promise<void>
  close(): Promise<void>
}

interface Node {
  id: number
  port: number
  controllerPort: number
  home: string
}

/** Starts a cluster in a separate folder. */
export async function openCluster(): Promise<Cluster> {
  const directory = await mkdtemp(join(tmpdir(), 'playhead-cluster-'))
  const { command: java } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const classPath = await ensureJars('broker')
  const nodes: Node[] = []
  for (const id of NODES) {
    const home = join(directory, `node-${id}`)
    nodes.push({ id, port: await freePort(), controllerPort: await freePort(), home })
  }
  const voters = nodes.map(({ id, controllerPort }) => `${id}@${HOST}:${controllerPort}`).join(',')
  // An ID that starts with a hyphen would be read as an option.
  const clusterId = `c${randomBytes(16).toString('base64url').slice(1)}`
  await Promise.all(nodes.map((node) => format(java, classPath, clusterId, node, voters)))

  const running = new Map<number, ChildProcess>()
  const nodeOf = (id: number) => nodes.find((node) => node.id === id) ?? nodes[0]
  const bootstrapOf = (some: readonly Node[]) => some.map(({ port }) => `${HOST}:${port}`).join(',')
  const bootstrap = bootstrapOf(nodes)

  async function start(id: number): Promise<void> {
    const node = nodeOf(id)
    if (node !== undefined) running.set(id, launch(java, classPath, node))
  }
  async function kill(id: number): Promise<void> {
    const child = running.get(id)
    running.delete(id)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  for (const { id } of nodes) await start(id)
  try {
    await until('the cluster answers', () =>
      administer(bootstrap, async (admin) => {
        const metadata = await admin.metadata({ topics: [], forceUpdate: true }).catch(() => null)
        return metadata?.brokers.size === nodes.length
      }),
    )
  } catch (error) {
    for (const { id } of nodes) await kill(id)
    throw error
  }

  return {
    directory,
    bootstrap,
    nodes: NODES,
    async controller() {
      let leader = -1
      await until('a broker names the active controller', async () => {
        // A broker that has just started does not answer yet.
        for (const { id, port } of nodes)
          if (leader < 0 && running.has(id)) leader = await leaderOf(port).catch(() => -1)
        return leader >= 0
      })
      return leader
    },
    kill,
    start,
    pause(node) {
      running.get(node)?.kill('SIGSTOP')
      return () => void running.get(node)?.kill('SIGCONT')
    },
    untilInSync: (topic) =>
      administer(bootstrap, (admin) =>
        until(`all brokers have all of ${topic}`, async () => {
          const metadata = await admin.metadata({ topics: [topic], forceUpdate: true }).catch(() => null)
          const partitions = metadata?.topics.get(topic)?.partitions ?? []
          return partitions.length > 0 && partitions.every(({ isr }) => isr.length === nodes.length)
        }),
      ).then(() => {}),
    async close() {
      for (const { id } of nodes) await kill(id)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The leader of the controller quorum, as a broker reports it. */
async function leaderOf(port: number): Promise<number> {
  const connection = new Connection('test')
  try {
    await connection.connect(HOST, port)
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
    const quorum = await describeQuorumV2.api.async(connection, topics)
    return quorum.topics[0]?.partitions[0]?.leaderId ?? -1
  } finally {
    await connection.close()
  }
}

async function format(
  java: string,
  classPath: string,
  id: string,
  node: Node,
  voters: string,
): Promise<void> {
  await mkdir(node.home, { recursive: true })
  const settings = join(node.home, 'server.properties')
  await writeFile(settings, nodeSettings(node, voters))
  const tool = ['-Xmx128m', '-Dlog4j2.level=OFF', '-cp', classPath, 'kafka.tools.StorageTool']
  await promisify(execFile)(java, [...tool, 'format', '-t', id, '-c', settings], { cwd: node.home })
}

function launch(java: string, classPath: string, { home }: Node): ChildProcess {
  const output = openSync(join(home, 'kafka.out'), 'a')
  const log = join(home, 'kafka.log')
  const flags = ['-Xmx256m', `-Dlog4j2.configurationFile=${LOG_SETTINGS.href}`, `-Dplayhead.kafka.log=${log}`]
  const child = spawn(java, [...flags, '-cp', classPath, 'kafka.Kafka', join(home, 'server.properties')], {
    cwd: home,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const lastResort = () => child.kill('SIGKILL')
  process.once('exit', lastResort)
  child.once('exit', () => process.off('exit', lastResort))
  return child
}

function nodeSettings({ id, port, controllerPort }: Node, voters: string): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    'offsets.topic.replication.factor': 3,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 3,
    'transaction.state.log.min.isr': 2,
    'transaction.state.log.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'message.max.bytes': 16_777_216,
    'replica.fetch.max.bytes': 16_777_216,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
