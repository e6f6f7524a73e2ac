import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { until } from '../../test/support/until.ts'
import type { Bench, Case } from '../case.ts'
import { quantile } from '../figures.ts'
import { measuredPlayhead } from '../playhead.ts'
import type { Load, Loaded } from '../processes/load.ts'
import { startScript } from '../script.ts'

const RATE = 50_000
/** Questions that an open page repeats. */
const PATHS = [
  '/api/listens?limit=100',
  '/api/stats/totals',
  '/api/stats/now',
  '/api/stats/top?by=song&limit=8',
  '/api/stats/over-time?by=platform',
  '/api/listens?limit=100&platform=Spotify',
  '/api/catalogue?search=song&limit=20',
]
const SETTLED_MS = 120_000

/**
 * How much slower the API answers under a load of events, compared with the same questions to the
 * same store afterwards.
 */
export const apiUnderLoadCase: Case = {
  name: 'api',
  summary: 'API answers under load, compared with a quiet store',
  async run(bench) {
    const { size, say } = bench
    const busy: number[] = []
    const quiet: number[] = []
    const stored: number[] = []
    for (let round = 0; round < size.rounds; round++) {
      const found = await measure(bench)
      say(`${Math.round(found.stored).toLocaleString('en')} events/s stored while it was asked`)
      busy.push(found.busy)
      quiet.push(found.quiet)
      stored.push(found.stored)
    }
    return [
      {
        what: `API p99 while ${RATE.toLocaleString('en')} events/s arrive`,
        unit: 'ms',
        higherIsBetter: false,
        ours: busy,
        peer: { name: 'the same when quiet', figures: quiet },
        target: { of: 'ratio', atLeast: 5, aim: 2 },
        details: { stored },
      },
    ]
  },
}

async function measure({ size, directory, topic: openTopic }: Bench) {
  const { broker, payloads } = await openTopic()
  const name = `api-${randomUUID()}`
  await ensureTopics({ brokers: [broker.address] }, name)
  const path = join(directory, name)
  const playhead = await measuredPlayhead({ broker, name }, path)
  try {
    const load = startScript<Loaded>('load.ts', {
      ...{ bootstrap: broker.address, topic: name, payloads, rate: RATE },
    } satisfies Load)
    await until('events are stored', async () => (await playhead.stored()) > RATE)
    const [before, started] = [await playhead.stored(), performance.now()]
    const busy = await askFor(playhead.url, size.seconds)
    const stored = ((await playhead.stored()) - before) / ((performance.now() - started) / 1000)
    await load.stop()
    await until('all is stored', async () => (await playhead.lag()) === 0, SETTLED_MS)
    const quiet = await askFor(playhead.url, size.seconds)
    return { busy, quiet, stored }
  } finally {
    await playhead.stop()
    await rm(path, { recursive: true, force: true })
  }
}

/** Asks questions one after another. @returns p99 in milliseconds */
async function askFor(url: string, seconds: number): Promise<number> {
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  for (let asked = 0; performance.now() < end; asked++) {
    const started = performance.now()
    const response = await fetch(url + (PATHS[asked % PATHS.length] ?? ''))
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${PATHS[asked % PATHS.length]} was answered with ${response.status}`)
    times.push(performance.now() - started)
  }
  return quantile(times, 0.99)
}
