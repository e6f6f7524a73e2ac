import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import { end } from './containers.ts'
import { mavenJars } from './maven-jars.ts'
import { until } from './until.ts'

/** Starts a ZooKeeper, which speaks the protocol of ClickHouse Keeper. Maven downloads its jars. */
export async function startZooKeeper(directory: string): Promise<{ port: number; stop(): Promise<void> }> {
  const classPath = await mavenJars('zookeeper-pom.xml')
  await mkdir(directory, { recursive: true })
  const port = await freePort()
  const settings = {
    dataDir: join(directory, 'data'),
    clientPort: port,
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': false,
  }
  const file = join(directory, 'zoo.cfg')
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(file, lines.join(''))
  const { command: java } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
  const child = spawn(java, ['-Xmx128m', '-cp', classPath, main, file], { stdio: 'ignore' })
  await until('ZooKeeper answers', () => {
    if (child.exitCode !== null) throw new Error(`ZooKeeper ended with ${child.exitCode}`)
    return new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  })
  return { port, stop: () => end(child) }
}
