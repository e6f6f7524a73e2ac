import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ensureJars } from '../src/kafka/jars.ts'
import { track } from './children.ts'

const LIMIT_MS = 20 * 60_000

/** Runs one of Kafka's tools. @returns its output. @throws Error when it fails */
async function run(tool: string, args: readonly string[]): Promise<string> {
  const classPath = await ensureJars('tools')
  const child = track(
    spawn('java', ['-Xmx512m', '-cp', classPath, `org.apache.kafka.tools.${tool}`, ...args], {
      timeout: LIMIT_MS,
    }),
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${printed}`)
  return printed
}

/**
 * Kafka's ProducerPerformance with the settings that its documentation recommends for throughput.
 * @returns records per second, as the tool reports at its end
 */
export async function producerPerformance(
  bootstrap: string,
  topic: string,
  payloads: string,
  events: number,
): Promise<number> {
  const printed = await run('ProducerPerformance', [
    ...['--topic', topic, '--num-records', String(events), '--throughput', '-1', '--payload-file', payloads],
    '--producer-props',
    ...[
      `bootstrap.servers=${bootstrap}`,
      'acks=all',
      'compression.type=lz4',
      'batch.size=262144',
      'linger.ms=10',
    ],
  ])
  const rates = [...printed.matchAll(/records sent, ([\d.]+) records\/sec/g)]
  return Number(rates.at(-1)?.[1] ?? fail('ProducerPerformance', printed))
}

/** Kafka's ConsumerPerformance. @returns messages per second, without the time to join a group */
export async function consumerPerformance(bootstrap: string, topic: string, events: number): Promise<number> {
  const printed = await run('ConsumerPerformance', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--timeout', '60000'],
    ...(['--num-records', String(events)] as const),
  ])
  const lines = printed.split('\n').filter((line) => line.includes(', '))
  const names = lines.find((line) => line.includes('fetch.nMsg.sec'))?.split(', ') ?? []
  const figures = lines.at(-1)?.split(', ') ?? []
  return Number(
    figures[names.findIndex((name) => name.trim() === 'fetch.nMsg.sec')] ??
      fail('ConsumerPerformance', printed),
  )
}

/**
 * Kafka's EndToEndLatency: one record at a time from a producer to a consumer, with acks=all.
 * @returns milliseconds
 */
export async function endToEndLatency(
  bootstrap: string,
  topic: string,
  records: number,
  recordBytes: number,
): Promise<{ p50: number; p99: number }> {
  const printed = await run('EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
    ...['--producer-acks', 'all', '--record-size', String(Math.round(recordBytes))],
  ])
  const [, p50, p99] = /50th = ([\d.]+), 99th = ([\d.]+)/.exec(printed) ?? fail('EndToEndLatency', printed)
  return { p50: Number(p50), p99: Number(p99) }
}

function fail(tool: string, printed: string): never {
  throw new Error(`${tool} printed no figures: ${printed.slice(-500)}`)
}
