import type { Filter } from '../src/questions/filter.ts'
import { createRandom } from '../src/simulator/random.ts'

const DAY_MS = 86_400_000

/**
 * Combinations of filters that people might choose, over the data of {@link bigStore}: one to four
 * filters with one to three values each, some with a range. The same for the same count and day.
 */
export function filterCombinations(count: number, now: number): Filter[] {
  const random = createRandom(11, 'filters')
  const some = (make: () => string) => Array.from({ length: 1 + random.below(3) }, make)
  const of = (values: readonly string[]) => () => values[random.below(values.length)] ?? ''
  const choices: readonly (() => Filter)[] = [
    () => ({ title: some(() => `Song ${1 + random.below(300)}`) }),
    () => ({ artist: some(() => `Artist ${1 + random.below(300)}`) }),
    () => ({ genre: some(of(['Pop', 'EDM', 'Jazz', 'Hip Hop', 'Indie Rock', 'Funk'])) }),
    () => ({ platform: some(of(['Spotify', 'Apple Music', 'SoundCloud'])) }),
    () => ({ country: some(of(['Japan', 'Brazil', 'United States', 'Norway'])) }),
    () => ({ city: some(of(['Osaka', 'London', 'Oslo', 'Lagos'])) }),
    () => ({ mood: some(of(['Happy', 'Calm', 'Dark', 'Lo-fi'])) }),
    () => ({ user: some(() => `listener${random.below(5_000)}`) }),
    () => ({ rating: some(of(['5', '4.5', '3', 'none'])) }),
    () => ({ skipped: [of(['true', 'false'])()] as ('true' | 'false')[] }),
    () => ({ completed: [of(['true', 'false'])()] as ('true' | 'false')[] }),
    () => ({ from: new Date(now - (1 + random.below(60)) * DAY_MS).toISOString() }),
    () => ({ to: new Date(now - random.below(30) * DAY_MS).toISOString() }),
  ]
  return Array.from({ length: count }, () =>
    Object.assign(
      {},
      ...Array.from({ length: 1 + random.below(4) }, () => choices[random.below(choices.length)]?.()),
    ),
  )
}
