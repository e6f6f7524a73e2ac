import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type KafkaConnection, kafkaReason } from '../../kafka/client.ts'
import { createProducer } from '../../kafka/producer.ts'
import { ensureReportTopic } from '../../kafka/topics.ts'
import { settledWithin, wait } from '../../runtime/wait.ts'
import { REPORT_MS, type Report, reportKey, reportTopic } from './report.ts'
import { LONGEST_DETAIL, type SystemState } from './system.ts'

export interface Reporter {
  /** Id of this process in its reports. */
  process: string
  /** Deletes the reports of this process and stops. */
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
 * Publishes the status of this process's outputs to a Kafka topic. Nothing depends on it: without the
 * topic or Kafka, the status is only in `/readyz` and `/metrics` of this process.
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
  /** Keys of published reports. */
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
            'status of outputs not published; trying again',
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
      // Readers treat the output as failed after a while.
    }
  }

  const running = run()
  return {
    process,
    async stop() {
      stopping.abort()
      // The client waits long for an unavailable broker, and nothing depends on these reports.
      await settledWithin(LAST_WORD_MS, takeBack())
    },
  }
}
