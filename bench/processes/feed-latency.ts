// Sends probes, follows the live feed and prints how long after its acknowledgement each probe
// arrived.
import { setTimeout as wait } from 'node:timers/promises'
import { createProducer } from '../../src/kafka/producer.ts'
import { encodeListen } from '../../src/listen/encode.ts'
import { NO_EXTRAS } from '../../src/listen/fields.ts'
import { followLive } from '../../test/support/live.ts'
import { until } from '../../test/support/until.ts'
import { quantile } from '../figures.ts'
import { answer, told } from '../script.ts'

/** Rare enough to add no load. */
const EVERY_MS = 20
const USER = 'probe'
/** The first probes include compilation and connection setup, so they do not count. */
const WARM_UP = 50

const { url, bootstrap, topic, seconds } = told<{
  url: string
  bootstrap: string
  topic: string
  seconds: number
}>()
const producer = createProducer(
  { brokers: [bootstrap] },
  { topic, role: 'probe', retries: 5, compression: 'none' },
)
const reader = await followLive(url, `user=${USER}`)
/**
 * Time of acknowledgement by offset. All have one key, so they are in one partition and in order.
 */
const acknowledged: { offset: number; at: number }[] = []
const delays: number[] = []
let taken = 0

/** Handles new frames: a frame shows its listens and all earlier ones. */
function takeFrames(): void {
  const at = performance.now()
  for (; taken < reader.messages.length; taken++) {
    const offsets = reader.messages[taken]?.data.listens?.map(({ offset }) => offset) ?? []
    const last = Math.max(-1, ...offsets)
    while (acknowledged[0] !== undefined && acknowledged[0].offset <= last) {
      // A frame may arrive before the acknowledgement does.
      delays.push(Math.max(0, at - acknowledged[0].at))
      acknowledged.shift()
    }
  }
}

const probe = () =>
  encodeListen({
    ...NO_EXTRAS,
    ...{ user_id: USER, name: USER, email: '', track_id: '', title: 'Probe', artist: 'Probe', genre: 'Pop' },
    timestamp: Math.floor(Date.now() / 1000),
    ...{ platform: 'Spotify', location: { city: 'Oslo', country: 'Norway' }, mood: 'Calm' },
    ...{ duration_seconds: 100, listen_position: 50, completed: false, rating: null, is_skipped: true },
  })

const looking = setInterval(takeFrames, 1)
const end = performance.now() + seconds * 1000
while (performance.now() < end) {
  const [place] = await producer.send([{ key: Buffer.from(USER), value: probe() }])
  if (place !== undefined) acknowledged.push({ offset: place.offset, at: performance.now() })
  await wait(EVERY_MS)
}
await until('all probes are shown', () => acknowledged.length === 0, 120_000)
clearInterval(looking)
reader.close()
await producer.close()
const counted = delays.slice(WARM_UP)
answer({ p50: quantile(counted, 0.5), p99: quantile(counted, 0.99), shown: counted.length })
