import { connectionOf, type KafkaConnection, kafkaReason } from '../kafka/client.ts'
import { createFetcher } from '../kafka/fetcher.ts'
import type { FetchedRecord } from '../kafka/record-batch.ts'
import { kafkaRefusal } from '../kafka/refusal.ts'
import { decodeListen } from '../listen/decode.ts'
import { percentListened } from '../listen/derive.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { printable } from '../runtime/printable.ts'
import type { Command } from './command.ts'
import { wholeFlag } from './flag-values.ts'

/** `playhead tail`: prints the topic as it flows. */
export const tailCommand: Command = {
  summary: 'print the topic as it flows',
  flags: {
    json: { type: 'boolean', help: 'one JSON object a line, with where the record stands and its value' },
    'from-beginning': { type: 'boolean', help: 'begin with the oldest record that the topic holds' },
    count: { type: 'string', help: 'stop after so many records' },
  },
  async run(config, flags, signal) {
    const limit = wholeFlag(flags, 'count', 1) ?? Number.POSITIVE_INFINITY
    const connection = connectionOf(config)
    const fetcher = createFetcher(connection, {
      topic: config.topic,
      log: createLogger(config.logLevel),
      onMissing: () => {},
    })
    signal.addEventListener('abort', () => fetcher.interrupt(), { once: true })
    const line = flags['json'] === true ? jsonLine : readableLine
    let printed = 0
    try {
      const start = flags['from-beginning'] === true ? fetcher.earliest() : fetcher.latest()
      fetcher.assign(
        await start.catch((error: unknown) => {
          throw unreachable(connection, error)
        }),
      )
      if (flags['json'] !== true) process.stderr.write(`Following ${config.topic}; Ctrl-C ends it.\n`)
      while (!signal.aborted && printed < limit)
        for (const record of await fetcher.poll(500)) {
          if (printed === limit) break
          printed += 1
          process.stdout.write(`${line(record)}\n`)
        }
    } finally {
      await fetcher.close()
    }
    return 0
  },
}

function unreachable({ brokers }: KafkaConnection, error: unknown): Failure {
  const hint =
    'Check KAFKA_BROKERS, and KAFKA_TLS and KAFKA_SASL_MECHANISM where the brokers ask for them; `playhead up` starts a broker.'
  return (
    kafkaRefusal(error) ??
    new Failure(
      'KAFKA_UNAVAILABLE',
      `The topic cannot be read from ${brokers.join(', ')}: ${kafkaReason(error)}. ${hint}`,
      { cause: error },
    )
  )
}

function jsonLine(record: FetchedRecord): string {
  const text = record.value?.toString('utf8') ?? null
  let value: unknown = text
  try {
    if (text !== null) value = JSON.parse(text)
  } catch {
    // What is not JSON is shown as the text it is.
  }
  const { partition, offset, timestamp } = record
  const key = record.key?.toString('utf8') ?? null
  return printable(JSON.stringify({ partition, offset, timestamp, key, value }))
}

function readableLine(record: FetchedRecord): string {
  const place = `${record.partition}/${record.offset}`.padEnd(10)
  const decoded = decodeListen(record.value, Date.now())
  if (!decoded.ok) return `${place} ✗ ${decoded.reason}: ${decoded.message}`
  const { listen } = decoded
  const time = new Date(listen.timestamp * 1000).toISOString().slice(11, 19)
  const percent = `${Math.round(percentListened(listen.listen_position, listen.duration_seconds))}%`.padStart(
    4,
  )
  const end = listen.is_skipped ? 'skipped  ' : listen.completed ? 'completed' : '         '
  const stars = listen.rating === null ? '' : ` ★${listen.rating}`
  return printable(
    `${place} ${time} ${percent} ${end} ${listen.title} – ${listen.artist} · ${listen.name}, ` +
      `${listen.location.city} (${listen.location.country}) · ${listen.platform} · ${listen.mood}${stars}`,
  )
}
