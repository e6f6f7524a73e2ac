import { initialCatalogue } from '../../src/catalogue/initial.ts'
import { encodeListen } from '../../src/listen/encode.ts'
import { listenKey } from '../../src/listen/key.ts'
import type { Listen } from '../../src/listen/listen.ts'
import { createListeners } from '../../src/simulator/listener.ts'
import { createRandom } from '../../src/simulator/random.ts'
import { createTraffic } from '../../src/simulator/traffic.ts'
import { sendRecords } from './kafka.ts'

const DAY_MS = 86_400_000
const SENT_AT_ONCE = 5_000
/** Activity by hour of the day (UTC): quiet nights, a busy evening. */
const HOURS = [3, 2, 2, 1, 1, 2, 4, 6, 8, 8, 7, 7, 8, 8, 7, 8, 9, 11, 13, 14, 13, 11, 8, 5]
const BUSIEST = Math.max(...HOURS)

/**
 * Listens of a crowd over the days before a moment, oldest first. The same seed gives the same
 * listens.
 */
export async function historyOf(options: {
  days: number
  count: number
  seed: number
  until?: number
}): Promise<Listen[]> {
  const { days, count, seed, until = Date.now() } = options
  const { songs, ...choices } = await initialCatalogue()
  const random = createRandom(seed, 'history')
  const moments: number[] = []
  while (moments.length < count) {
    const moment = until - random.below(days * DAY_MS)
    const at = new Date(moment)
    // Later days and weekends have more listens.
    const grown = 0.55 + 0.45 * (1 - (until - moment) / (days * DAY_MS))
    const weekend = at.getUTCDay() % 6 === 0 ? 1 : 0.78
    const share = ((HOURS[at.getUTCHours()] ?? 0) / BUSIEST) * weekend * grown
    if (random.below(1_000) < share * 1_000) moments.push(moment)
  }
  moments.sort((a, b) => a - b)
  let next = 0
  const traffic = createTraffic({
    seed,
    listeners: createListeners(seed, 1_000, choices),
    songs: () => songs,
    now: () => moments[next++] ?? until,
  })
  return moments.map(() => traffic.next())
}

/** Sends listens as records, in large batches. */
export async function sendListens(bootstrap: string, listens: readonly Listen[]): Promise<void> {
  for (let from = 0; from < listens.length; from += SENT_AT_ONCE)
    await sendRecords(
      bootstrap,
      listens
        .slice(from, from + SENT_AT_ONCE)
        .map((listen) => ({ key: listenKey(listen), value: encodeListen(listen) })),
    )
}
