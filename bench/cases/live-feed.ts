import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { until } from '../../test/support/until.ts'
import { type Bench, type Case, inTurn } from '../case.ts'
import { measuredPlayhead } from '../playhead.ts'
import type { Load, Loaded } from '../processes/load.ts'
import { startScript } from '../script.ts'

const RATE = 5_000

interface Readers {
  open: number
  bytes: number
}

/** Whether many readers of the live feed slow the pipeline down. */
export const liveFeedCase: Case = {
  name: 'live-feed',
  summary: 'cost of many live feed readers for the pipeline',
  async run(bench) {
    const { size, say } = bench
    const served: { dropped: number; megabytes: number }[] = []
    const found = await inTurn(
      size.rounds,
      async () => {
        const { rate, dropped, bytes } = await storedRate(bench, size.readers)
        served.push({ dropped, megabytes: bytes / 1e6 })
        say(`${size.readers} readers were sent ${Math.round(bytes / 1e6)} MB; ${dropped} were too slow`)
        return rate
      },
      async () => (await storedRate(bench, 0)).rate,
    )
    return [
      {
        what: `stored at ${RATE.toLocaleString('en')} events/s with ${size.readers.toLocaleString('en')} readers`,
        unit: 'events/s',
        higherIsBetter: true,
        ours: found.ours,
        peer: { name: 'the same with no readers', figures: found.theirs },
        target: { of: 'ratio', atLeast: 0.7, aim: 0.9 },
        details: served,
      },
    ]
  },
}

async function storedRate({ size, directory, topic: openTopic }: Bench, readers: number) {
  const { broker, payloads } = await openTopic()
  const name = `live-${randomUUID()}`
  await ensureTopics({ brokers: [broker.address] }, name)
  const path = join(directory, name)
  const playhead = await measuredPlayhead({ broker, name }, path)
  try {
    const following =
      readers === 0 ? null : startScript<Readers>('feed-readers.ts', { url: playhead.url, readers })
    if (following !== null)
      await until(
        'all readers follow',
        async () => (await playhead.metric('playhead_live_readers')) >= readers,
        120_000,
      )
    const load = startScript<Loaded>('load.ts', {
      ...{ bootstrap: broker.address, topic: name, payloads, rate: RATE },
    } satisfies Load)
    await until('events are stored', async () => (await playhead.stored()) > RATE)
    const [before, started] = [await playhead.stored(), performance.now()]
    await wait(size.seconds * 1000)
    const stored = (await playhead.stored()) - before
    const rate = stored / ((performance.now() - started) / 1000)
    await load.stop()
    const dropped = await playhead.metric('playhead_live_readers_dropped_total')
    const { bytes } = (await following?.stop()) ?? { bytes: 0 }
    return { rate, dropped, bytes }
  } finally {
    await playhead.stop()
    await rm(path, { recursive: true, force: true })
  }
}
