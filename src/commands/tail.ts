import { connectionOf, type KafkaConnection, kafkaReason } from '../kafka/client.ts'
import type { FetchedRecord } from '../kafka/fetched-record.ts'
import { createFetcher } from '../kafka/fetcher.ts'
import { kafkaRefusal } from '../kafka/refusal.ts'
import { decodeListen } from '../listen/decode.ts'
import { percentListened } from '../listen/derive.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { printable } from '../runtime/printable.ts'
import type { Command } from './command.ts'
import { wholeFlag } from './flag-values.ts'

/** `playhead tail`: prints records as they arrive. */
export const tailCommand: Command = {
  summary: 'print the records of the topic as they arrive',
  flags: {
    json: {
      type: 'boolean',
      help: 'print one JSON object per line: partition, offset, timestamp, key and value',
    },
    'from-beginning': { type: 'boolean', help: 'start at the oldest record of the topic' },
    count: { type: 'string', help: 'stop after this many records' },
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
      if (flags['json'] !== true) process.stderr.write(`Following ${config.topic}. Press Ctrl-C to stop.\n`)
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
    'Check KAFKA_BROKERS, and KAFKA_TLS and KAFKA_SASL_MECHANISM if the brokers require them. `playhead up` starts a local broker.'
  return (
    kafkaRefusal(error) ??
    new Failure(
      'KAFKA_UNAVAILABLE',
      `Cannot read the topic from ${brokers.join(', ')}: ${kafkaReason(error)}. ${hint}`,
      { cause: error },
    )
  )
}

/** A record as JSON. Its value is embedded as it was sent, because JSON.parse would change large numbers. */
export function jsonLine({ partition, offset, timestamp, key, value }: FetchedRecord): string {
  const text = value?.toString('utf8') ?? null
  const head = JSON.stringify({ partition, offset, timestamp, key: key?.toString('utf8') ?? null })
  // In JSON a line break can only be between tokens.
  const shown = text !== null && isJson(text) ? text.trim().replace(/[\r\n]+/g, ' ') : JSON.stringify(text)
  return printable(`${head.slice(0, -1)},"value":${shown}}`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
