import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type KafkaConnection, kafkaReason } from '../../kafka/client.ts'
import { createProducer } from '../../kafka/producer.ts'
import { ensureReportTopic } from '../../kafka/topics.ts'
import { settledWithin, wait } from '../../runtime/wait.ts'
import { REPORT_MS, type Report, reportKey, reportTopic } from './report.ts'
import { LONGEST_DETAIL, type SystemState } from './system.ts'

export interface Reporter {
  /** Who this process is among those that report. */
  process: string
  /** Takes back what was told, as the systems end with their process, and ends. */
  stop(): Promise<void>
}

export interface ReporterOptions {
  connection: KafkaConnection
  /** The topic of listens. */
  topic: string
  states: () => readonly SystemState[]
  log: Logger
}

const LAST_WORD_MS = 3_000

/**
 * Tells other processes, over a topic of Kafka, how the systems of this one are doing. Nothing waits for it and nothing fails
 * with it: without the topic, or with Kafka away, the systems are only in this process's own `/readyz` and `/metrics`.
 */
export function startReporter({ connection, topic, states, log }: ReporterOptions): Reporter {
  const process = randomUUID()
  const stopping = new AbortController()
  const { signal } = stopping
  const producer = createProducer(connection, {
    topic: reportTopic(topic),
    role: 'systems',
    retries: 1,
    compression: 'none',
  })
  /** Keys that were told and not taken back. */
  const told = new Set<string>()
  let made = false
  let warned = false

  async function tell(): Promise<void> {
    if (!made) await ensureReportTopic(connection, reportTopic(topic))
    made = true
    const reports = states().map(
      (state): Report => ({ process, ...state, detail: state.detail.slice(0, LONGEST_DETAIL) }),
    )
    if (reports.length === 0) return
    for (const report of reports) told.add(reportKey(report))
    await producer.send(
      reports.map((report) => ({
        key: Buffer.from(reportKey(report)),
        value: Buffer.from(JSON.stringify(report)),
        partition: 0,
      })),
    )
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await tell()
        warned = false
      } catch (error) {
        if (!warned)
          log.warn(
            { topic: reportTopic(topic), reason: kafkaReason(error) },
            'other processes cannot be told how the systems are doing; it is tried again',
          )
        warned = true
      }
      await wait(REPORT_MS, signal)
    }
  }

  async function takeBack(): Promise<void> {
    await running
    try {
      await producer.send([...told].map((key) => ({ key: Buffer.from(key), value: null, partition: 0 })))
      await producer.close()
    } catch {
      // Who listens takes it for dead after a while.
    }
  }

  const running = run()
  return {
    process,
    async stop() {
      stopping.abort()
      // A client waits long for a broker that is away, and nobody waits for what is told.
      await settledWithin(LAST_WORD_MS, takeBack())
    },
  }
}
