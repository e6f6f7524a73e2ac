import type { Logger } from 'pino'
import { createTopicWatch, type TopicWatch } from '../../kafka/topic-watch.ts'
import { wait } from '../../runtime/wait.ts'
import { maskAddresses } from '../../settings/secret.ts'
import type { System, SystemState } from '../status/system.ts'
import type { Connector } from './connector.ts'
import type { ConnectorStatus } from './rest.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker.ts'

const LOOK_MS = 1_000
const RETRY_MS = 5_000
const SETTLE_MS = 60_000
const LONGEST_TEXT = 300

type Told = Pick<SystemState, 'state' | 'detail'>

export interface ConnectOptions extends Omit<WorkerOptions, 'onProgress'> {
  topic: string
  log: Logger
}

/**
 * Runs Kafka Connect with these connectors until it is stopped. Whatever fails is started again: the worker when it dies, a
 * connector when its system was away or has refused it.
 */
export function startConnect(options: ConnectOptions): System {
  const { connectors, connection, topic, log } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const watched = connectors.map((connector) => watchConnector(connector, connection, topic))

  const all = (told: Told) => {
    for (const { tell } of watched) tell(told)
  }

  async function keepRunning(): Promise<void> {
    while (!signal.aborted) {
      let worker: Worker | null = null
      try {
        const onProgress = (detail: string) => all({ state: 'starting', detail: `${detail}.` })
        worker = await startWorker({ ...options, onProgress }, signal)
        await lookAfter(worker)
      } catch (error) {
        if (!signal.aborted) {
          const reason = error instanceof Error ? error.message : String(error)
          log.error({ reason }, 'Kafka Connect failed and is started again')
          all({ state: 'waiting', detail: `${sentence(reason)} It is tried again.` })
          await pause(RETRY_MS)
        }
      }
      await worker?.stop()
    }
  }

  /** Resolves when the worker has ended, or Playhead stops. */
  async function lookAfter(worker: Worker): Promise<void> {
    let over: string | null = null
    worker.ended.then((how) => {
      over = how
    })
    for (const { connector } of watched) await configure(worker, connector)
    const restarted = new Map<string, number>()
    while (over === null && !signal.aborted) {
      const statuses = await worker.rest.statuses()
      for (const { connector, look } of watched) {
        const failed = await look(statuses.get(connector.name))
        const last = restarted.get(connector.name) ?? 0
        if (!failed || Date.now() - last < RETRY_MS) continue
        restarted.set(connector.name, Date.now())
        // While workers settle who does what they refuse it; the next look tries it again.
        await worker.rest
          .restart(connector.name)
          .catch((error) => log.warn({ reason: String(error) }, 'not started again yet'))
      }
      await pause(LOOK_MS)
    }
    if (over !== null) throw new Error(`The worker of Kafka Connect ended with ${over}`)
  }

  /** Distributed workers refuse it as long as they settle who does what, such as when one of them has died. */
  async function configure({ rest, ended }: Worker, { name, config }: Connector): Promise<void> {
    let over = false
    ended.then(() => {
      over = true
    })
    for (const until = Date.now() + SETTLE_MS; ; await pause(LOOK_MS))
      try {
        await rest.configure(name, config)
        return
      } catch (error) {
        if (over || signal.aborted || Date.now() > until) throw error
      }
  }

  const pause = (milliseconds: number) => wait(milliseconds, signal)
  const running = keepRunning()
  return {
    states: () => watched.map(({ state }) => state()),
    async stop() {
      stopping.abort()
      await running
      await Promise.all(watched.map(({ close }) => close()))
    },
  }
}

/** What is known of a connector, from its worker and from the brokers. */
function watchConnector(connector: Connector, connection: WorkerOptions['connection'], topic: string) {
  const watch: TopicWatch = createTopicWatch(connection, { topic, groupId: `connect-${connector.name}` })
  let told: Told = { state: 'starting', detail: '' }
  let lag: number | null = null
  let first: number | null = null
  let reached = 0

  async function measure(): Promise<void> {
    const { partitions } = await watch.ask()
    reached = partitions.reduce((sum, { committed }) => sum + (committed ?? 0), 0)
    first ??= reached
    lag = partitions.reduce((sum, { earliest, end, committed }) => sum + end - (committed ?? earliest), 0)
  }

  return {
    connector,
    tell(next: Told) {
      told = next
    },
    /** @returns whether something of it has failed */
    async look(status: ConnectorStatus | undefined): Promise<boolean> {
      await measure().catch(() => {
        lag = null
      })
      const parts = status === undefined ? [] : [status.connector, ...status.tasks]
      const trace = parts.find(({ state }) => state === 'FAILED')?.trace
      if (trace !== undefined) {
        const reason = withoutSecrets(causeOf(trace), connector)
        told = {
          state: 'waiting',
          detail: `${connector.adviceOn(trace) ?? 'The connector failed.'} It is tried again. It said: ${reason}`,
        }
        return true
      }
      // A task that has just been started again has not shown yet that it works.
      const runs = (status?.tasks.length ?? 0) > 0 && parts.every(({ state }) => state === 'RUNNING')
      if (runs) told = { state: 'running', detail: '' }
      else if (told.state === 'running') told = { state: 'starting', detail: '' }
      return false
    },
    state: (): SystemState => ({
      name: connector.name,
      kind: 'connector',
      ...told,
      handed: first === null ? null : reached - first,
      lag,
    }),
    close: () => watch.close(),
  }
}

/** The innermost cause of a Java stack trace. */
function causeOf(trace: string): string {
  const lines = trace.split('\n')
  const cause = lines.findLast((line) => line.startsWith('Caused by: ')) ?? lines[0] ?? ''
  return cause.replace(/^Caused by: /, '').slice(0, LONGEST_TEXT)
}

function withoutSecrets(text: string, { environment }: Connector): string {
  const masked = Object.entries(environment)
    .filter(([name, value]) => /PASSWORD|SECRET|KEY|TOKEN/.test(name) && value !== '')
    .reduce((shown, [, value]) => shown.replaceAll(value, '(secret)'), text)
  return maskAddresses(masked)
}

const sentence = (text: string) => (/[.!?)]$/.test(text) ? text : `${text}.`)
