import type { Logger } from 'pino'
import { type KafkaConnection, kafkaReason } from '../../kafka/client.ts'
import { createFetcher } from '../../kafka/fetcher.ts'
import type { FetchedRecord } from '../../kafka/record-batch.ts'
import { wait } from '../../runtime/wait.ts'
import { decodeReport, REPORT_MS, type Report, reportTopic } from './report.ts'
import type { SystemState } from './system.ts'

export interface Reports {
  /** How all systems are doing, each once however many processes share it. */
  states(): readonly SystemState[]
  close(): Promise<void>
}

export interface ReportsOptions {
  connection: KafkaConnection
  /** The topic of listens. */
  topic: string
  /** This process among those that report, and the systems of it; null where it has none. */
  own: { process: string; states: () => readonly SystemState[] } | null
  log: Logger
}

/** A process that has not been heard of for so long is taken for dead. */
const SILENT_MS = 4 * REPORT_MS
/** And is not spoken of any more after so long. */
const FORGOTTEN_MS = 86_400_000
const POLL_MS = 1_000
/** The topic is not there before a process has something to tell. */
const ABSENT_MS = 5_000

interface Heard {
  report: Report
  /** How long the topic had been heard, in milliseconds: clocks of two machines differ, and who cannot be heard is not silent. */
  at: number
}

/** Gathers what other processes tell of their systems. Kafka being away, or the topic absent, is waited out. */
export function watchReports({ connection, topic, own, log }: ReportsOptions): Reports {
  const stopping = new AbortController()
  const { signal } = stopping
  const fetcher = createFetcher(connection, {
    topic: reportTopic(topic),
    // That Kafka is away is said by those whose work it stops.
    log: log.child({ topic: reportTopic(topic) }, { level: 'error' }),
    onMissing: () => {},
  })
  const heard = new Map<string, Heard>()
  let listened = 0

  function take({ key, value }: FetchedRecord): void {
    if (key === null) return
    if (value === null) {
      heard.delete(key.toString())
      return
    }
    const report = decodeReport(value)
    if (report !== null && report.process !== own?.process)
      heard.set(key.toString(), { report, at: listened })
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const [topicId, positions] = await Promise.all([fetcher.topicId(), fetcher.earliest()])
        fetcher.assign(positions, topicId)
        for (let before = performance.now(); !signal.aborted && !fetcher.replaced; ) {
          for (const record of await fetcher.poll(POLL_MS)) take(record)
          // Fails when Kafka does not answer, which a poll waits out.
          await fetcher.latest()
          const now = performance.now()
          listened += now - before
          before = now
          for (const [key, { at }] of heard) if (listened - at > FORGOTTEN_MS) heard.delete(key)
        }
      } catch (error) {
        log.debug({ reason: kafkaReason(error) }, 'nothing is known of the systems of other processes')
      }
      await wait(ABSENT_MS, signal)
    }
  }

  const running = run()
  return {
    states() {
      const { process = '', states = () => [] } = own ?? {}
      const mine = states().map((state): Heard => ({ report: { process, ...state }, at: listened }))
      return together([...mine, ...heard.values()], listened)
    },
    async close() {
      stopping.abort()
      fetcher.interrupt()
      await running
      await fetcher.close()
    },
  }
}

/** The worst first, but for a process that has nothing to do beside one that runs. */
const STATES: readonly SystemState['state'][] = ['failed', 'waiting', 'running', 'starting']

/** One state for each system. */
function together(heard: readonly Heard[], now: number): SystemState[] {
  const systems = Map.groupBy(heard, ({ report }) => report.name)
  return [...systems.values()].flatMap((all) => {
    const alive = all.filter(({ at }) => now - at < SILENT_MS)
    if (alive.length === 0) return silent(all, now)
    const reports = alive.map(({ report }) => report)
    const worst = reports.toSorted((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))[0]
    if (worst === undefined) return []
    const { name, kind, state, detail } = worst
    // Each process of a sink has partitions of its own; workers that share a connector all count the whole of it.
    const count = kind === 'sink' ? sum : largest
    return [
      {
        name,
        kind,
        state,
        detail,
        handed: count(reports.map(({ handed }) => handed)),
        lag: count(reports.map(({ lag }) => lag)),
      },
    ]
  })
}

/** A system whose processes have all gone without a word. */
function silent(all: readonly Heard[], now: number): SystemState[] {
  const last = all.toSorted((one, other) => other.at - one.at)[0]
  if (last === undefined) return []
  const { name, kind } = last.report
  const seconds = Math.round((now - last.at) / 1000)
  return [
    {
      name,
      kind,
      state: 'failed',
      detail: `Nothing has been heard of its process for ${seconds} s. Look whether it still runs, and start it again; what it misses waits.`,
      handed: null,
      lag: null,
    },
  ]
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null)

function sum(values: readonly (number | null)[]): number | null {
  const counts = known(values)
  return counts.length === 0 ? null : counts.reduce((total, count) => total + count, 0)
}

function largest(values: readonly (number | null)[]): number | null {
  const counts = known(values)
  return counts.length === 0 ? null : Math.max(...counts)
}
