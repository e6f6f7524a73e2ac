import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureTopics } from '../../src/kafka/topics.ts'
import type { Bench, Case, Finding } from '../case.ts'
import { endToEndLatency } from '../kafka-tools.ts'
import { measuredPlayhead } from '../playhead.ts'
import type { Load, Loaded } from '../processes/load.ts'
import { runScript, startScript } from '../script.ts'

/** Share of its rate that a load must reach for its figures to be valid. */
const REACHED = 0.95

/**
 * Time from the acknowledgement of an event to its arrival at a reader of the live feed. Measured
 * with probes of one listener among the load. A probe counts as shown with the first frame that
 * contains it or a later event. The peer passes single records from a producer to a consumer under
 * the same load, which is Kafka's share of the time.
 */
export const latencyCase: Case = {
  name: 'latency',
  summary: "acknowledgement to the live feed, compared with Kafka's EndToEndLatency",
  async run(bench) {
    const findings: Finding[] = []
    for (const rate of bench.size.rates) findings.push(...(await atRate(bench, rate)))
    return findings
  },
}

async function atRate({ size, directory, topic: openTopic, say }: Bench, rate: number): Promise<Finding[]> {
  const { broker, payloads, valueBytes } = await openTopic()
  const p50 = { ours: [] as number[], theirs: [] as number[] }
  const p99 = { ours: [] as number[], theirs: [] as number[] }
  let reached = Number.POSITIVE_INFINITY
  for (let round = 0; round < size.rounds; round++) {
    const name = `latency-${randomUUID()}`
    await ensureTopics({ brokers: [broker.address] }, name)
    const path = join(directory, name)
    const playhead = await measuredPlayhead({ broker, name }, path)
    const load = startScript<Loaded>('load.ts', {
      ...{ bootstrap: broker.address, topic: name, payloads, rate },
    } satisfies Load)
    try {
      const told = { url: playhead.url, bootstrap: broker.address, topic: name, seconds: size.seconds }
      const ours = await runScript<{ p50: number; p99: number; shown: number }>('feed-latency.ts', told)
      p50.ours.push(ours.p50)
      p99.ours.push(ours.p99)
    } finally {
      await playhead.stop()
      await rm(path, { recursive: true, force: true })
    }
    const theirs = await endToEndLatency(broker.address, `${name}-e2e`, size.seconds * 100, valueBytes)
    p50.theirs.push(theirs.p50)
    p99.theirs.push(theirs.p99)
    const { sent, seconds } = await load.stop()
    reached = Math.min(reached, sent / seconds)
  }
  if (reached < rate * REACHED) say(`the load reached only ${Math.round(reached)} of ${rate} events/s`)
  const common = { unit: 'ms', higherIsBetter: false, details: { reached } }
  const what = `acknowledged to live feed at ${rate.toLocaleString('en')} events/s`
  const peer = "Kafka's EndToEndLatency, for scale"
  return [
    {
      ...common,
      what: `${what}, p50`,
      ours: p50.ours,
      peer: { name: peer, figures: p50.theirs },
      target: null,
    },
    {
      ...common,
      what: `${what}, p99`,
      ours: p99.ours,
      peer: { name: peer, figures: p99.theirs },
      target: { of: 'figure', atLeast: 500, aim: 250 },
    },
  ]
}
