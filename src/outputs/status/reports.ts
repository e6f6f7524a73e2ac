import type { Logger } from 'pino'
import { type KafkaConnection, kafkaReason } from '../../kafka/client.ts'
import type { FetchedRecord } from '../../kafka/fetched-record.ts'
import { createFetcher } from '../../kafka/fetcher.ts'
import { wait } from '../../runtime/wait.ts'
import { decodeReport, REPORT_MS, type Report, reportTopic } from './report.ts'
import type { SystemState } from './system.ts'

export interface Reports {
  /** The state of each output, once even if several processes share it. */
  states(): readonly SystemState[]
  close(): Promise<void>
}

export interface ReportsOptions {
  connection: KafkaConnection
  /** The topic of listens. */
  topic: string
  /** Id and outputs of this process; null without outputs. */
  own: { process: string; states: () => readonly SystemState[] } | null
  log: Logger
}

/** A process without a report for this long counts as failed. */
const SILENT_MS = 4 * REPORT_MS
/** After this long it is no longer shown. */
const FORGOTTEN_MS = 86_400_000
const POLL_MS = 1_000
/** Wait before the next attempt: the topic does not exist before the first report. */
const ABSENT_MS = 5_000

interface Heard {
  report: Report
  /** Milliseconds of listening to the topic before this report. Clocks of machines differ, and time without Kafka does not count. */
  at: number
}

/** Collects the reports of other processes; waits while Kafka or the topic is unavailable. */
export function watchReports({ connection, topic, own, log }: ReportsOptions): Reports {
  const stopping = new AbortController()
  const { signal } = stopping
  const fetcher = createFetcher(connection, {
    topic: reportTopic(topic),
    // Other parts already log an unavailable Kafka.
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
          // Unlike a poll, this fails if Kafka does not answer.
          await fetcher.latest()
          const now = performance.now()
          listened += now - before
          before = now
          for (const [key, { at }] of heard) if (listened - at > FORGOTTEN_MS) heard.delete(key)
        }
      } catch (error) {
        log.debug({ reason: kafkaReason(error) }, 'the status of outputs of other processes is unknown')
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

/** Worst first; but an idle process (`starting`) does not hide a running one. */
const STATES: readonly SystemState['state'][] = ['failed', 'waiting', 'running', 'starting']

/** One state per output. */
function together(heard: readonly Heard[], now: number): SystemState[] {
  const systems = Map.groupBy(heard, ({ report }) => report.name)
  return [...systems.values()].flatMap((all) => {
    const alive = all.filter(({ at }) => now - at < SILENT_MS)
    if (alive.length === 0) return silent(all, now)
    const reports = alive.map(({ report }) => report)
    const worst = reports.toSorted((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))[0]
    if (worst === undefined) return []
    const { name, kind, state, detail } = worst
    // Processes of a sink have different partitions; workers of a connector all report its total.
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

/** The state of an output whose processes no longer report. */
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
      detail: `Its process has not reported for ${seconds} s. Check whether it runs, and start it again; listens wait in Kafka.`,
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
