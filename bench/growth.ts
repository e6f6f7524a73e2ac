import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Admin } from '@platformatic/kafka'
import { clientOptions } from '../src/kafka/client.ts'
import { bigStore } from './big-store.ts'
import { lineChart } from './chart.ts'
import { quantile } from './figures.ts'
import { producerPerformance } from './kafka-tools.ts'
import { machine } from './machine.ts'
import type { Options } from './options.ts'
import { runScript } from './script.ts'
import { storeAll } from './store-all.ts'
import type { Topic } from './topic.ts'
import type { Workplace } from './workplace.ts'

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))

/**
 * Measures and draws how cost grows: topic to store by partitions and by listens, panels by
 * listens. Writes the figures beside the charts.
 */
export async function drawGrowth(
  { size, partitions, json }: Options,
  workplace: Workplace,
  say: (text: string) => void,
): Promise<number> {
  const { bench, close } = await workplace.open('growth')
  try {
    const { broker, ...rest } = await bench.topic()
    const store = async (events: number, count: number) => {
      const name = `growth-${randomUUID()}`
      await makeTopic(broker.address, name, count)
      // Repeats the events of the crowd: generating that many would take longer than storing them.
      await producerPerformance(broker.address, name, rest.payloads, events)
      const path = join(bench.directory, 'store')
      const topic: Topic = { ...rest, broker, name, events }
      const { rate, peakBytes } = await storeAll(topic, path)
      await rm(path, { recursive: true, force: true })
      await dropTopic(broker.address, name)
      say(`${events.toLocaleString('en')} events, ${count} partitions: ${Math.round(rate)} events/s`)
      return { rate, mebibytes: peakBytes / 2 ** 20 }
    }
    const byPartitions = []
    for (const count of partitions)
      byPartitions.push({ partitions: count, ...(await store(size.events, count)) })
    const byEvents = []
    for (const events of size.rows) byEvents.push({ events, ...(await store(events, 6)) })
    const byRows = []
    for (const rows of size.rows) {
      const { path } = await bigStore(bench, rows)
      const panels = async (raw: boolean) => {
        const taken = await runScript<Record<string, number[]>>('ask-panels.ts', {
          path,
          asks: size.asks,
          raw,
        })
        const times = Object.values(taken).map((each) => quantile(each, 0.95))
        return { slowest: Math.max(...times), median: quantile(times, 0.5) }
      }
      byRows.push({ rows, ours: await panels(false), raw: await panels(true) })
      say(`panels at ${rows.toLocaleString('en')} listens are asked`)
    }
    const result = { at: new Date().toISOString(), machine: machine(), byPartitions, byEvents, byRows }
    await writeFile(json, `${JSON.stringify(result, null, 2)}\n`)
    await mkdir(IMAGES, { recursive: true })
    const charts = {
      'growth-partitions.svg': lineChart({
        title: 'Topic to store, by partitions of the topic',
        x: { name: 'partitions', values: byPartitions.map((each) => String(each.partitions)) },
        y: 'events/s',
        lines: [{ name: 'Playhead', values: byPartitions.map(({ rate }) => rate) }],
      }),
      'growth-events.svg': lineChart({
        title: 'Topic to store, by events',
        x: { name: 'events', values: byEvents.map(({ events }) => events.toLocaleString('en')) },
        y: 'events/s',
        lines: [{ name: 'Playhead', values: byEvents.map(({ rate }) => rate) }],
      }),
      'growth-panels.svg': lineChart({
        title: 'Default panels, p95, by listens',
        x: { name: 'listens', values: byRows.map(({ rows }) => rows.toLocaleString('en')) },
        y: 'ms',
        log: true,
        lines: [
          { name: 'slowest', values: byRows.map(({ ours }) => ours.slowest) },
          { name: 'median', values: byRows.map(({ ours }) => ours.median) },
          { name: 'slowest over raw rows', values: byRows.map(({ raw }) => raw.slowest) },
        ],
      }),
    }
    for (const [name, svg] of Object.entries(charts)) await writeFile(join(IMAGES, name), svg)
    process.stdout.write(`Charts in ${IMAGES}: ${Object.keys(charts).join(', ')}; figures in ${json}\n`)
    return 0
  } finally {
    await close()
  }
}

async function withAdmin(address: string, use: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Admin(clientOptions({ brokers: [address] }, 'bench'))
  try {
    await use(admin)
  } finally {
    await admin.close()
  }
}

const makeTopic = (address: string, name: string, partitions: number) =>
  withAdmin(address, (admin) => admin.createTopics({ topics: [name], partitions, replicas: 1 }))

/** The disk cannot hold all of them. */
const dropTopic = (address: string, name: string) =>
  withAdmin(address, (admin) => admin.deleteTopics({ topics: [name] }))
