import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Admin } from '@platformatic/kafka'
import { endWithProcess } from '../runtime/children.ts'
import { Failure } from '../runtime/failure.ts'
import { fullDisk } from '../runtime/full-disk.ts'
import { type ReservedPort, reservePort } from '../runtime/port.ts'
import { logLength, logSince, reasonIn } from './broker-log.ts'
import { brokerMark, stopProcess } from './broker-orphan.ts'
import { BROKER_HOST, type BrokerFiles, brokerSettings, type ExternalListener } from './broker-settings.ts'
import type { Java } from './java.ts'

const LOG_SETTINGS = new URL('../../kafka/log4j2.xml', import.meta.url)
/** On a busy machine a start takes half a minute. */
const START_MS = 180_000
const POLL_MS = 100

export interface BrokerLaunch {
  files: BrokerFiles
  java: Java
  classPath: string
  port: number
  external?: ExternalListener | undefined
  /** Id of the cluster that must answer, so that no other Kafka on the port is taken for this one. */
  clusterId: string
  signal: AbortSignal
}

/** One run of the broker's Java process. */
export interface BrokerProcess {
  pid: number
  /** Resolves when the process is gone, with how and why it ended. */
  ended: Promise<string>
  /** Resolves when the process is gone. */
  stop(): Promise<void>
}

/**
 * Starts the broker and waits until it answers.
 * @throws Failure KAFKA_START_FAILED; the process is gone by then
 */
export async function launchBroker(launch: BrokerLaunch): Promise<BrokerProcess> {
  const { files, port, clusterId, signal } = launch
  const loggedBefore = await logLength(files.log)
  const broker = await spawnBroker(launch)
  const why = async () => reasonIn(await logSince(files.log, loggedBefore), await logSince(files.output, 0))
  const polling = new AbortController()
  const outcome = await Promise.race([
    answered(port, clusterId, AbortSignal.any([signal, polling.signal])),
    broker.exited.then((how) => `it ended with ${how}`),
    wait(START_MS, `it did not answer within ${START_MS / 1000} s`, { signal: polling.signal }),
  ]).catch((error: unknown) => {
    if (signal.aborted) return 'aborted'
    throw error
  })
  polling.abort()
  if (outcome !== 'answered') {
    await broker.stop()
    signal.throwIfAborted()
    throw (
      (await fullDisk(files.home)) ??
      new Failure(
        'KAFKA_START_FAILED',
        `Kafka did not start: ${outcome}: ${await why()} (its log: ${files.log})`,
      )
    )
  }
  // A broker that was killed had no chance to say why.
  const ended = broker.exited.then(async (how) => (how.startsWith('signal') ? how : `${how}: ${await why()}`))
  return { pid: broker.pid, ended, stop: broker.stop }
}

interface Spawned {
  pid: number
  /** Resolves with the exit code or signal. */
  exited: Promise<string>
  stop(): Promise<void>
}

async function spawnBroker({ files, java, classPath, port, external }: BrokerLaunch): Promise<Spawned> {
  const controller = await reserveOtherThan([port, external?.port])
  const ports = { port, external, controllerPort: controller.port }
  await writeFile(files.settings, brokerSettings(ports, 'data'))
  const output = openSync(files.output, 'w')
  const child = spawn(
    java.command,
    [
      '-Xmx512m',
      '-XX:+UseG1GC',
      // After running out of memory Java may continue in a broken state. A broker that exits is restarted.
      '-XX:+ExitOnOutOfMemoryError',
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${LOG_SETTINGS.href}`,
      `-Dplayhead.kafka.log=${files.log}`,
      brokerMark(files),
      '-cp',
      classPath,
      'kafka.Kafka',
      files.settings,
    ],
    // In a process group of its own, a terminal's Ctrl-C does not reach the broker: the pipeline still needs it to
    // finish what it has, and it is stopped last.
    { cwd: files.home, detached: true, stdio: ['ignore', output, output] },
  )
  closeSync(output)
  const pid = await spawnedPid(child)
  endWithProcess(child)
  const exited = once(child, 'exit').then(([code, signal]) => {
    controller.release()
    return signal === null ? `exit code ${code}` : `signal ${signal}`
  })
  await writeFile(files.pid, `${pid}\n`)
  return {
    pid,
    exited,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await stopProcess(pid)
      await exited
    },
  }
}

/** Reserves a port; those of a broker that does not listen yet may be offered too. */
async function reserveOtherThan(ports: readonly (number | undefined)[]): Promise<ReservedPort> {
  for (;;) {
    const reserved = await reservePort()
    if (!ports.includes(reserved.port)) return reserved
    reserved.release()
  }
}

async function spawnedPid(child: ChildProcess): Promise<number> {
  if (child.pid === undefined) {
    const [error] = await once(child, 'error')
    throw error
  }
  return child.pid
}

/** Resolves when the broker has answered for its metadata and is open to clients. */
async function answered(port: number, clusterId: string, signal: AbortSignal): Promise<'answered'> {
  const admin = new Admin({
    clientId: 'playhead-start',
    bootstrapBrokers: [`${BROKER_HOST}:${port}`],
    retries: 0,
    connectTimeout: 1_000,
    requestTimeout: 1_000,
    timeout: 1_000,
  })
  try {
    for (;;) {
      signal.throwIfAborted()
      const metadata = await admin.metadata({ topics: [], forceUpdate: true }).catch(() => null)
      // A broker that is not yet in service answers too, and does not name itself.
      if (metadata !== null && metadata.id === clusterId && metadata.brokers.size > 0) return 'answered'
      await wait(POLL_MS, undefined, { signal })
    }
  } finally {
    await admin.close().catch(() => {})
  }
}
