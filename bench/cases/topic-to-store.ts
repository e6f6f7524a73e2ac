import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startPlayhead } from '../../test/support/playhead.ts'
import { type Bench, type Case, type Finding, inTurn } from '../case.ts'
import { arrivalRate } from '../pace.ts'
import { runScript } from '../script.ts'
import { COMPRESSION } from '../topic.ts'

const GiB = 2 ** 30

/** The whole way, beside ClickHouse's own Kafka engine and beside the client's INSERT alone. */
export const topicToStoreCase: Case = {
  name: 'store',
  async run(bench) {
    const { size, topic, directory, say } = bench
    const told = { bootstrap: topic.broker.address, topic: topic.name, events: topic.events }
    const peaks: number[] = []
    let run = 0
    const path = () => join(directory, `store-${run++}`)
    const ours = async () => {
      const { rate, peakBytes } = await storeAll(bench, path())
      peaks.push(peakBytes / GiB)
      return rate
    }
    const best = await bestEngine(bench, path)
    say(`the Kafka engine is quickest with ${best.consumers} consumers and blocks of ${best.block}`)
    const engine = async () =>
      (await runScript<{ rate: number }>('kafka-engine.ts', { ...told, ...best, path: path() })).rate
    const bare = async () =>
      (await runScript<{ rate: number }>('bare-insert.ts', { ...told, path: path() })).rate
    const whole = {
      what: 'topic to store, validated and exactly once',
      unit: 'events/s',
      higherIsBetter: true,
    }
    const findings: Finding[] = [
      {
        ...whole,
        peer: `ClickHouse's Kafka engine (${best.consumers} consumers, blocks of ${best.block})`,
        ...(await inTurn(size.rounds, ours, engine)),
        atLeast: 0.8,
        aim: 1.2,
      },
      {
        ...whole,
        peer: "the client's INSERT of the same rows",
        ...(await inTurn(size.rounds, ours, bare)),
        atLeast: 0.6,
        aim: 0.9,
      },
    ]
    return [
      ...findings,
      {
        what: 'peak resident memory of the process meanwhile',
        peer: 'at most 1 GiB, better 0.5',
        unit: 'GiB',
        higherIsBetter: false,
        ours: peaks,
        theirs: [1],
        atLeast: 1,
        aim: 2,
      },
    ]
  },
}

/** A new Playhead that takes the whole topic over. */
async function storeAll({ topic }: Bench, dataDir: string): Promise<{ rate: number; peakBytes: number }> {
  const playhead = await startPlayhead({
    PLAYHEAD_DATA: dataDir,
    KAFKA_BROKERS: topic.broker.address,
    KAFKA_TOPIC: topic.name,
    KAFKA_COMPRESSION: COMPRESSION,
  })
  try {
    const stored = async () => {
      const text = await (await fetch(`${playhead.url}/metrics`)).text()
      return Number(/^playhead_listens_stored_total (\d+)/m.exec(text)?.[1] ?? 0)
    }
    const rate = await arrivalRate(stored, topic.events)
    const status = await readFile(`/proc/${playhead.pid}/status`, 'utf8').catch(() => '')
    return { rate, peakBytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) * 1024 }
  } finally {
    await playhead.stop()
  }
}

interface EngineSettings {
  consumers: number
  block: number
}

/** The settings with which the peer does best here, each tried once. */
async function bestEngine({ topic, say }: Bench, path: () => string): Promise<EngineSettings> {
  let best: { settings: EngineSettings; rate: number } | null = null
  for (const consumers of [1, 2])
    for (const block of [65_536, 262_144]) {
      const told = { bootstrap: topic.broker.address, topic: topic.name, events: topic.events }
      const { rate } = await runScript<{ rate: number }>('kafka-engine.ts', {
        ...told,
        consumers,
        block,
        path: path(),
      })
      say(
        `Kafka engine, ${consumers} consumers, blocks of ${block}: ${Math.round(rate).toLocaleString('en')}/s`,
      )
      if (best === null || rate > best.rate) best = { settings: { consumers, block }, rate }
    }
  if (best === null) throw new Error('no settings were tried')
  return best.settings
}
