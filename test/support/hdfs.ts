import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import { mavenJars } from './maven-jars.ts'
import { until } from './until.ts'

const START_MS = 60_000
const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode'
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode'
const SHELL = 'org.apache.hadoop.fs.FsShell'

/** A real HDFS of one NameNode and one DataNode, on loopback. */
export interface RunningHdfs {
  /** `hdfs://host:port`. Clients identify themselves by user name only. */
  address: string
  /** WebHDFS address of the NameNode. */
  http: string
  /** Output of its nodes. */
  pids(): number[]
  /** Runs a Hadoop shell command as the superuser, such as `-ls`, `/`. */
  shell(...args: string[]): Promise<string>
  /** Kills both nodes without a shutdown. */
  kill(): Promise<void>
  /**
   * Starts both nodes again with the same folders and ports, and waits until files can be written.
   */
  start(): Promise<void>
}

/** @param directory data of the nodes */
export async function startHdfs(directory: string): Promise<RunningHdfs> {
  const classPath = await mavenJars('hadoop-pom.xml')
  const { command: java } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const conf = join(directory, 'conf')
  const log = join(directory, 'log')
  await mkdir(conf, { recursive: true })
  const address = `hdfs://127.0.0.1:${await freePort()}`
  const httpAddress = `127.0.0.1:${await freePort()}`
  await writeFile(join(conf, 'core-site.xml'), xml({ 'fs.defaultFS': address }))
  await writeFile(
    join(conf, 'hdfs-site.xml'),
    xml({
      'dfs.replication': '1',
      'dfs.namenode.name.dir': `file://${directory}/name`,
      'dfs.datanode.data.dir': `file://${directory}/data`,
      'dfs.namenode.rpc-bind-host': '127.0.0.1',
      'dfs.namenode.http-address': httpAddress,
      'dfs.datanode.address': `127.0.0.1:${await freePort()}`,
      'dfs.datanode.http.address': `127.0.0.1:${await freePort()}`,
      'dfs.datanode.ipc.address': `127.0.0.1:${await freePort()}`,
      'dfs.datanode.hostname': '127.0.0.1',
      // Only one node reports; do not wait for more.
      'dfs.namenode.safemode.extension': '0',
      'dfs.client.use.datanode.hostname': 'false',
    }),
  )
  await writeFile(join(conf, 'log4j.properties'), LOGGING)
  // The jars lack the web pages of the nodes, which must be on the class path.
  for (const page of ['hdfs', 'datanode']) await mkdir(join(conf, 'webapps', page), { recursive: true })
  const options = (main: string, ...args: string[]) => [
    '-Xmx256m',
    '-Djava.net.preferIPv4Stack=true',
    // Its web server generates classes, which Java 17 allows to those that are named alone.
    '--add-opens=java.base/java.lang=ALL-UNNAMED',
    '-cp',
    `${conf}:${classPath}`,
    main,
    ...args,
  ]
  const env = { ...process.env, HADOOP_USER_NAME: 'playhead-admin', HADOOP_CONF_DIR: conf }
  await promisify(execFile)(java, options(NAME_NODE, '-format', '-nonInteractive'), { env })
  let nodes: ChildProcess[] = []

  const shell = async (...args: string[]) =>
    (await promisify(execFile)(java, options(SHELL, ...args), { env })).stdout

  async function start(): Promise<void> {
    const output = openSync(log, 'a')
    nodes = [NAME_NODE, DATA_NODE].map((main) =>
      spawn(java, options(main), { env, stdio: ['ignore', output, output] }),
    )
    await until(
      'HDFS takes files',
      async () => {
        if (nodes.some(({ exitCode }) => exitCode !== null))
          throw new Error(`HDFS ended:\n${(await readFile(log, 'utf8')).slice(-4_000)}`)
        return await shell('-touch', '/started')
          .then(() => shell('-appendToFile', join(conf, 'core-site.xml'), '/started'))
          .then(
            () => true,
            () => false,
          )
      },
      START_MS,
    )
  }

  async function kill(): Promise<void> {
    const ending = nodes
    nodes = []
    await Promise.all(
      ending.map(async (node) => {
        if (node.exitCode !== null || node.signalCode !== null) return
        const exited = once(node, 'exit')
        node.kill('SIGKILL')
        await exited
      }),
    )
  }

  try {
    await start()
  } catch (error) {
    await kill()
    throw error
  }
  return {
    address,
    http: `http://${httpAddress}`,
    pids: () => nodes.map(({ pid }) => pid ?? -1),
    shell,
    kill,
    start,
  }
}

function xml(settings: Record<string, string>): string {
  const properties = Object.entries(settings).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  )
  return `<?xml version="1.0"?>\n<configuration>${properties.join('\n')}</configuration>\n`
}

const LOGGING = `log4j.rootLogger=WARN,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %p %c: %m%n
`
