import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../runtime/failure.ts'
import { makeFolder } from '../runtime/folder.ts'
import { fullDisk } from '../runtime/full-disk.ts'
import { type BrokerFiles, brokerSettings } from './broker-settings.ts'
import type { Java } from './java.ts'

const FORMATTING = 'data.formatting'

/**
 * Formats the broker's storage the first time. It is formatted under another name and gets its own when that is done,
 * so a format that was cut short is simply begun again.
 * @param classPath of the broker's jars
 * @returns the id of the cluster
 * @throws Failure KAFKA_STORAGE_BROKEN when there is something in the storage's place that Kafka did not put there
 */
export async function ensureStorage(
  files: BrokerFiles,
  java: Java,
  classPath: string,
  signal?: AbortSignal,
): Promise<string> {
  const known = await clusterId(files)
  if (known !== null) return known
  const id = newClusterId()
  const fresh = join(files.home, FORMATTING)
  const settings = join(files.home, 'format.properties')
  await makeFolder(files.home)
  await rm(fresh, { recursive: true, force: true })
  // The ports do not matter to the format, but settings without them are refused.
  await writeFile(settings, brokerSettings({ port: 9092, controllerPort: 9093 }, FORMATTING))
  await runStorageTool(
    java,
    ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settings],
    {
      cwd: files.home,
      ...(signal ? { signal } : {}),
    },
  ).catch(async (error: unknown) => {
    signal?.throwIfAborted()
    throw (await fullDisk(files.home)) ?? error
  })
  await rm(settings)
  await rename(fresh, files.storage)
  return id
}

/** The id of the cluster that the storage belongs to; null when there is no storage yet. */
async function clusterId(files: BrokerFiles): Promise<string | null> {
  // An empty folder in its place holds nothing to lose.
  await rmdir(files.storage).catch(() => {})
  const inside = await readdir(files.storage).catch(() => null)
  if (inside === null) return null
  const text = await readFile(join(files.storage, 'meta.properties'), 'utf8').catch(() => '')
  const id = /^cluster\.id=(.+)$/m.exec(text)?.[1]?.trim()
  if (id !== undefined) return id
  throw new Failure(
    'KAFKA_STORAGE_BROKEN',
    `${files.storage} holds files but no readable meta.properties, so Kafka cannot open it. Move it away (its events go with it) or set PLAYHEAD_DATA to another folder.`,
  )
}

/** Kafka's ids are 16 bytes in URL-safe base64; one that begins with a hyphen would read as an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newClusterId() : id
}

function runStorageTool(
  java: Java,
  args: string[],
  options: { cwd: string; signal?: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Log4j without a configuration says so on every start; it has nothing to log here.
    const flags = ['-Xmx128m', '-Dlog4j2.level=OFF', '-Dlog4j2.StatusLogger.level=OFF']
    execFile(java.command, [...flags, ...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve()
      if (error.name === 'AbortError') return reject(options.signal?.reason ?? error)
      const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? ''
      reject(
        new Failure('KAFKA_STORAGE_BROKEN', `Kafka could not format its storage in ${options.cwd}: ${said}`, {
          cause: error,
        }),
      )
    })
  })
}
