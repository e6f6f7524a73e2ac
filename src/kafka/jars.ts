import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from '../runtime/failure.ts'
import { withSharedFiles } from '../runtime/private-files.ts'
import { isRunning } from '../runtime/running-process.ts'

const KAFKA = fileURLToPath(new URL('../../kafka/', import.meta.url))
const JARS = join(KAFKA, 'jars')
const POMS = { broker: 'pom.xml', tools: 'tools-pom.xml', cassandra: 'cassandra-pom.xml' } as const
/** Advice for the broker's jars: an existing Kafka replaces them. */
const OR_ELSE = ', or set KAFKA_BROKERS to use an existing Kafka'
const PROGRESS_MS = 1_000
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'

/**
 * `broker` runs the local broker; `tools` are Kafka's own command-line tools and Kafka Connect; `cassandra` is a server, for
 * tests; `connect-…` is the plugin of a connector in `connect/`.
 */
export type JarSet = keyof typeof POMS | `connect-${string}`

export interface EnsureJarsOptions {
  /** Told how far the download is, such as `42 files`. */
  onProgress?: (detail: string) => void
  signal?: AbortSignal
}

/**
 * Where a set belongs. The folder is named after what the set is made of and gets that name only when it is whole, so
 * that being there is all there is to check: a killed download leaves nothing, a changed pom makes another folder.
 */
async function folderOf(set: JarSet): Promise<string> {
  const pom = await readFile(pomOf(set))
  return join(JARS, `${set}-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`)
}

function pomOf(set: JarSet): string {
  return set in POMS
    ? join(KAFKA, POMS[set as keyof typeof POMS])
    : join(KAFKA, '..', 'connect', `${set.slice('connect-'.length)}-pom.xml`)
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

/** The class path of a set that is already here; null when it has yet to be fetched. */
export async function installedJars(set: JarSet): Promise<string | null> {
  const folder = await folderOf(set)
  return (await exists(folder)) ? join(folder, '*') : null
}

/**
 * Fetches the jars of a set with Maven unless they are here. May run in several processes at once.
 * @returns class path for Java
 * @throws Failure MAVEN_MISSING or KAFKA_DOWNLOAD_FAILED
 */
export async function ensureJars(set: JarSet, options: EnsureJarsOptions = {}): Promise<string> {
  withSharedFiles(() => mkdirSync(JARS, { recursive: true }))
  await removeLeftovers()
  const installed = await installedJars(set)
  if (installed !== null) return installed
  const folder = await folderOf(set)
  const partial = join(JARS, `.partial-${process.pid}-${set}`)
  // A container that was started again gives out the same numbers, and Maven keeps a file that it finds, be it half.
  await rm(partial, { recursive: true, force: true })
  try {
    await copyDependencies(set, partial, options)
    await rename(partial, folder).catch(async (error: unknown) => {
      // Another process was quicker: its set is the same.
      if (!(await exists(folder))) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  await removeOthers(set, folder)
  return join(folder, '*')
}

/** Removes what downloads that were killed left behind. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(JARS)) {
    const pid = /^\.partial-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !(await isRunning(Number(pid))))
      await rm(join(JARS, name), { recursive: true, force: true })
  }
}

async function removeOthers(set: JarSet, current: string): Promise<void> {
  for (const name of await readdir(JARS))
    if (name.startsWith(`${set}-`) && join(JARS, name) !== current)
      await rm(join(JARS, name), { recursive: true, force: true })
}

function copyDependencies(
  set: JarSet,
  into: string,
  { onProgress, signal }: EnsureJarsOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-B', '-f', pomOf(set), COPY, '-DincludeScope=runtime', `-DoutputDirectory=${into}`]
    const maven = withSharedFiles(() =>
      spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'], ...(signal ? { signal } : {}) }),
    )
    let printed = ''
    let files = 0
    let toldAt = 0
    maven.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      files += text.split('\n').filter((line) => /Downloaded from .*\.jar \(/.test(line)).length
      if (files === 0 || Date.now() - toldAt < PROGRESS_MS) return
      toldAt = Date.now()
      onProgress?.(`${files} files`)
    })
    maven.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    maven.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') return reject(error)
      reject(
        new Failure(
          'MAVEN_MISSING',
          `Maven is not installed: install it (it fetches ${calledOf(set)} once)${orElse(set)}.`,
          {
            cause: error,
          },
        ),
      )
    })
    maven.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Failure('KAFKA_DOWNLOAD_FAILED', mavenFailure(printed, set)))
    })
  })
}

const orElse = (set: JarSet) => (set === 'broker' ? OR_ELSE : '')

/** Returns the name of a set as shown to users. */
function calledOf(set: JarSet): string {
  if (set === 'broker') return 'Kafka'
  if (set === 'tools') return 'Kafka Connect'
  if (set === 'cassandra') return 'Cassandra'
  if (set === 'connect-rules') return 'what checks listens'
  return `the connector ${set.slice('connect-'.length)}`
}

/** Says in one line why Maven failed to fetch a set, and what to do, out of all that it printed. */
export function mavenFailure(printed: string, set: JarSet = 'broker'): string {
  const called = calledOf(set)
  const fetched = `${called.charAt(0).toUpperCase()}${called.slice(1)} could not be fetched`
  const errors = printed
    .split('\n')
    .filter((line) => line.startsWith('[ERROR]') && line.length > '[ERROR] '.length)
  const network =
    /could not transfer|unknown host|unreachable|connection refused|timed out|cannot access .* offline/i
  if (errors.some((line) => network.test(line)))
    return `${fetched}: Maven does not reach its repository. Check the network (or the proxy in Maven's settings.xml) and start again${orElse(set)}.`
  const reason = (errors[0] ?? printed.trim().split('\n').at(-1) ?? '').replace('[ERROR] ', '').slice(0, 300)
  return `${fetched}, for Maven failed: ${reason || 'it said nothing'}. Start again${orElse(set)}.`
}
