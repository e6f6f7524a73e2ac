import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { until } from '../../test/support/until.ts'
import type { Bench, Case } from '../case.ts'
import { measuredPlayhead } from '../playhead.ts'
import type { Load, Loaded } from '../processes/load.ts'
import { startScript } from '../script.ts'

const RATE = 10_000
/** Lag at which it counts as caught up: half a second of events. */
const CAUGHT_UP = RATE / 2
const LIMIT_MS = 600_000

/** How fast Playhead stores the backlog after downtime while more events arrive. */
export const catchUpCase: Case = {
  name: 'catch-up',
  summary: 'catching up after an outage while events arrive',
  async run(bench) {
    const { size, say } = bench
    const ours: number[] = []
    const arrived: number[] = []
    for (let round = 0; round < size.rounds; round++) {
      const { rate, arrival, seconds } = await catchUp(bench)
      say(`caught up after ${seconds.toFixed(1)} s`)
      ours.push(rate)
      arrived.push(arrival)
    }
    return [
      {
        what: `stored while catching up after ${size.downSeconds} s down at ${RATE.toLocaleString('en')} events/s`,
        unit: 'events/s',
        higherIsBetter: true,
        ours,
        peer: { name: 'arrival rate', figures: arrived },
        target: { of: 'ratio', atLeast: 2, aim: 5 },
      },
    ]
  },
}

async function catchUp({ size, directory, topic: openTopic }: Bench) {
  const { broker, payloads } = await openTopic()
  const name = `catch-up-${randomUUID()}`
  await ensureTopics({ brokers: [broker.address] }, name)
  const path = join(directory, name)
  const load = startScript<Loaded>('load.ts', {
    ...{ bootstrap: broker.address, topic: name, payloads, rate: RATE },
  } satisfies Load)
  const first = await measuredPlayhead({ broker, name }, path)
  await until('events are stored', async () => (await first.stored()) > RATE)
  const stoppedAt = performance.now()
  await first.stop()
  await wait(size.downSeconds * 1000 - (performance.now() - stoppedAt))
  const second = await measuredPlayhead({ broker, name }, path)
  try {
    await until('storing goes on', async () => (await second.stored()) > 0)
    const [rows, started] = [await second.stored(), performance.now()]
    await until('it has caught up', async () => (await second.lag()) < CAUGHT_UP, LIMIT_MS)
    const stored = await second.stored()
    const seconds = (performance.now() - started) / 1000
    const { sent, seconds: sentIn } = await load.stop()
    return { rate: (stored - rows) / seconds, arrival: sent / sentIn, seconds }
  } finally {
    await second.stop()
    await rm(path, { recursive: true, force: true })
  }
}
