import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ensureJars } from '../src/kafka/jars.ts'

/** Runs one of Kafka's own tools. @returns what it printed. @throws Error when it fails */
async function run(tool: string, args: readonly string[]): Promise<string> {
  const classPath = await ensureJars('tools')
  const child = spawn('java', ['-Xmx512m', '-cp', classPath, `org.apache.kafka.tools.${tool}`, ...args])
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${tool} ended with ${code}: ${printed}`)
  return printed
}

/**
 * Kafka's ProducerPerformance, with the settings that its documentation names for throughput.
 * @returns records a second, as the tool says at its end
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

/** Kafka's ConsumerPerformance. @returns messages a second, without the time to join a group */
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

function fail(tool: string, printed: string): never {
  throw new Error(`${tool} printed no figures: ${printed.slice(-500)}`)
}
