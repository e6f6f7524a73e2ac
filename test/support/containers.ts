import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'

const run = promisify(execFile)
const READER = fileURLToPath(new URL('compose/', import.meta.url))
const LOG_SETTINGS = fileURLToPath(new URL('../../kafka/log4j2.xml', import.meta.url))

/** A service of a compose file, as compose itself has read it. */
export interface Service {
  image: string
  user?: string
  build?: { context: string }
  profiles?: string[]
  command: string[] | null
  environment?: Record<string, string>
  read_only?: boolean
  privileged?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  restart?: string
  ports?: { host_ip?: string; target: number; published?: string }[]
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[]
  tmpfs?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { disable?: boolean; test?: string[]; timeout?: string }
  deploy?: { replicas?: number; resources?: { limits?: { cpus?: number; memory?: string } } }
}

export interface Project {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

/**
 * Reads a compose file with the library that `docker compose` is made of: the specification's schema, interpolation, merging,
 * profiles and what services refer to. It comes from the Go module proxy when it is first used.
 * @param env what may be filled in; nothing of this process but the paths of Go
 * @throws Error with what is wrong with the file
 */
export async function readCompose(
  file: string,
  env: Record<string, string>,
  profiles: readonly string[] = ['*'],
): Promise<Project> {
  const { PATH = '', HOME = '', GOPROXY = '', GOFLAGS = '', GONOSUMDB = '', GOSUMDB = '' } = process.env
  const go = { GOPROXY, GOFLAGS, GONOSUMDB, GOSUMDB }
  const given = Object.fromEntries(Object.entries(go).filter(([, value]) => value !== ''))
  const { stdout } = await run('go', ['run', '-C', READER, '.', profiles.join(','), file], {
    env: { PATH, HOME, ...given, ...env },
    maxBuffer: 16 * 1024 * 1024,
  })
  return JSON.parse(stdout) as Project
}

/**
 * Starts Kafka as its image does: the class that turns the environment into settings and makes the storage ready, with
 * an empty folder for the settings, as on a file system that can only be read; then the broker.
 * @param environment of the service, with addresses of this machine
 */
export async function startKafkaService(
  directory: string,
  environment: Record<string, string>,
): Promise<ChildProcess> {
  const { command: java } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
  const classPath = await ensureJars('broker')
  const folder = (name: string) => join(directory, name)
  for (const name of ['image', 'mounted', 'config', 'logs']) await mkdir(folder(name), { recursive: true })
  // What the image brings of each; the settings count only where the environment holds none.
  for (const name of ['server.properties', 'log4j2.yaml', 'tools-log4j2.yaml'])
    await writeFile(join(folder('image'), name), '')
  const where = [
    ['--default-configs-dir', folder('image')],
    ['--mounted-configs-dir', folder('mounted')],
    ['--final-configs-dir', folder('config')],
  ].flat()
  const { PATH = '' } = process.env
  const env = { PATH, ...environment }
  await run(java, ['-cp', classPath, 'kafka.docker.KafkaDockerWrapper', 'setup', ...where], { env })
  const heap = (environment['KAFKA_HEAP_OPTS'] ?? '').split(' ')
  const options = [`-Dlog4j2.configurationFile=${LOG_SETTINGS}`, `-Dkafka.logs.dir=${folder('logs')}`]
  return spawn(
    java,
    [...heap, ...options, '-cp', classPath, 'kafka.Kafka', join(folder('config'), 'server.properties')],
    { env, cwd: directory, stdio: 'ignore' },
  )
}

/** Ends a child that this process started, and waits for its end. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
