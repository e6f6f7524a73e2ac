import { rm } from 'node:fs/promises'
import { Failure } from '../runtime/failure.ts'
import { makeFolder } from '../runtime/folder.ts'
import { isPortFree } from '../runtime/port.ts'
import { wait } from '../runtime/wait.ts'
import { stopOrphan } from './broker-orphan.ts'
import { type BrokerProcess, launchBroker } from './broker-process.ts'
import { BROKER_HOST, type BrokerFiles, brokerFiles, type ExternalListener } from './broker-settings.ts'
import { ensureStorage } from './broker-storage.ts'
import { ensureJars, installedJars } from './jars.ts'
import { findJava } from './java.ts'

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 10_000

/** A broker that died is `restarting` until it answers again. */
export type BrokerState = 'running' | 'restarting' | 'stopped'

export interface LocalBrokerOptions {
  /** Absolute path of a data directory that this process has claimed. */
  dataDir: string
  port: number
  /** Where clients reach the broker at another address than its own. */
  external?: ExternalListener
  javaHome?: string | null
  log: (line: string) => void
  /** Told what the start is doing, such as `Fetching Kafka, 42 files`. */
  onProgress?: (doing: string) => void
  /** Cancels the start; everything already running is stopped before the promise rejects. */
  signal?: AbortSignal
}

/** A Kafka broker on this machine, kept running until it is stopped. */
export interface LocalBroker {
  /** `host:port` for clients. */
  readonly address: string
  /** Of the Java process; another one after a restart. */
  readonly pid: number
  readonly state: BrokerState
  /** Calls the listener with each new state. @returns call it to stop listening */
  onState(listener: (state: BrokerState) => void): () => void
  /** Stops the broker; resolves when its process is gone. May be called again. */
  stop(): Promise<void>
}

/**
 * Starts a Kafka broker for this data directory: fetches Kafka and formats its storage the first time, stops what an
 * earlier Playhead left running, and resolves when the broker answers. A broker that dies is started again.
 * @throws Failure that says what is missing and what to do about it
 */
export async function startLocalBroker(options: LocalBrokerOptions): Promise<LocalBroker> {
  const { dataDir, port, external, javaHome = null, log, onProgress } = options
  const { signal = new AbortController().signal } = options
  const files = brokerFiles(dataDir)
  const java = await findJava({ javaHome })
  if ((await installedJars('broker')) === null) onProgress?.('Fetching Kafka')
  const classPath = await ensureJars('broker', {
    onProgress: (detail) => onProgress?.(`Fetching Kafka, ${detail}`),
    signal,
  })
  for (const folder of [files.home, files.logs]) await makeFolder(folder)
  await stopOrphan(files, log)
  if (!(await isPortFree(port, BROKER_HOST)))
    throw new Failure(
      'PORT_IN_USE',
      `Port ${port} is used by another program. Stop it, or set KAFKA_PORT to a free port for the Kafka broker, or KAFKA_BROKERS to use an existing Kafka.`,
    )
  const clusterId = await ensureStorage(files, java, classPath, signal)
  const launch = (during: AbortSignal) =>
    launchBroker({ files, java, classPath, port, external, clusterId, signal: during })
  onProgress?.('Starting Kafka')
  return supervise(await launch(signal), { files, port, launch, log })
}

interface Supervision {
  files: BrokerFiles
  port: number
  launch: (signal: AbortSignal) => Promise<BrokerProcess>
  log: (line: string) => void
}

function supervise(first: BrokerProcess, { files, port, launch, log }: Supervision): LocalBroker {
  let current = first
  let state: BrokerState = 'running'
  const listeners = new Set<(state: BrokerState) => void>()
  const stopping = new AbortController()
  const enter = (next: BrokerState) => {
    state = next
    for (const listener of listeners) listener(next)
  }

  async function keepRunning(): Promise<void> {
    for (;;) {
      const how = await current.ended
      if (stopping.signal.aborted) return
      log(`The Kafka broker stopped on its own (${how}) and is started again; its log: ${files.log}`)
      enter('restarting')
      current = await relaunch()
      log('The Kafka broker answers again')
      enter('running')
    }
  }

  async function relaunch(): Promise<BrokerProcess> {
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      await wait(delay, stopping.signal)
      stopping.signal.throwIfAborted()
      try {
        return await launch(stopping.signal)
      } catch (error) {
        stopping.signal.throwIfAborted()
        log(error instanceof Error ? error.message : String(error))
      }
    }
  }

  const supervision = keepRunning().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })

  async function stop(): Promise<void> {
    stopping.abort()
    await current.stop()
    await supervision
    await rm(files.pid, { force: true })
    enter('stopped')
  }

  let stopped: Promise<void> | null = null
  return {
    address: `${BROKER_HOST}:${port}`,
    get pid() {
      return current.pid
    },
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}
