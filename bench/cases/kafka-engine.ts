import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bench, type Case, inTurn } from '../case.ts'
import { runScript } from '../script.ts'
import { storeAll } from '../store-all.ts'
import type { Topic } from '../topic.ts'

const CONSUMERS = [1, 2]
const BLOCKS = [65_536, 262_144]

interface EngineSettings {
  consumers: number
  block: number
}

/**
 * The complete path of an event, compared with ClickHouse's Kafka engine at its best settings here.
 */
export const kafkaEngineCase: Case = {
  name: 'kafka-engine',
  summary: "topic to store, compared with ClickHouse's Kafka engine",
  async run(bench) {
    const topic = await bench.topic()
    const best = await bestSettings(bench, topic)
    const name = `ClickHouse's Kafka engine (${best.consumers} consumers, blocks of ${best.block})`
    bench.say(`quickest: ${name}`)
    const found = await inTurn(
      bench.size.rounds,
      () => inFolder(bench, async (path) => (await storeAll(topic, path)).rate),
      () => engineRate(bench, topic, best),
    )
    return [
      {
        what: `topic to store, validated and exactly once, ${topic.events.toLocaleString('en')} events`,
        unit: 'events/s',
        higherIsBetter: true,
        ours: found.ours,
        peer: { name, figures: found.theirs },
        target: { of: 'ratio', atLeast: 0.8, aim: 1.2 },
      },
    ]
  },
}

/** A folder for one run: the stores of several runs would fill the disk. */
async function inFolder<T>({ directory }: Bench, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(directory, 'store')
  try {
    return await use(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

async function engineRate(bench: Bench, topic: Topic, settings: EngineSettings): Promise<number> {
  const told = { bootstrap: topic.broker.address, topic: topic.name, events: topic.events, ...settings }
  return await inFolder(
    bench,
    async (path) => (await runScript<{ rate: number }>('kafka-engine.ts', { ...told, path })).rate,
  )
}

/** Each combination of settings, tried once. */
async function bestSettings(bench: Bench, topic: Topic): Promise<EngineSettings> {
  let best: { settings: EngineSettings; rate: number } | null = null
  for (const consumers of CONSUMERS)
    for (const block of BLOCKS) {
      const settings = { consumers, block }
      const rate = await engineRate(bench, topic, settings)
      const shown = Math.round(rate).toLocaleString('en')
      bench.say(`Kafka engine, ${consumers} consumers, blocks of ${block}: ${shown} events/s`)
      if (best === null || rate > best.rate) best = { settings, rate }
    }
  if (best === null) throw new Error('no settings were tried')
  return best.settings
}
