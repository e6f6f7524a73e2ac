import { createRandom } from './random.ts'

const DAY = 86_400_000
const WEEK = 7 * DAY
/** The first Friday since 1970 began: new music comes out on Fridays. */
const FIRST_FRIDAY = DAY
const RELEASES_A_WEEK = 3

/** Share of the plays that go to the week's releases, by days since Friday: a spike that wears off. */
const SPIKE = [0.09, 0.06, 0.045, 0.03, 0.022, 0.018, 0.015]

/** What comes out when. */
export interface Releases<T> {
  /** Share of all plays that go to what came out this week. */
  share(at: number): number
  /** What came out this week, the greatest first; nothing where there is nothing to come out. */
  ofWeek(at: number): readonly T[]
  /** What everybody plays on a day that is nothing but its release. */
  ofDay(at: number): T | undefined
}

/**
 * Songs of a catalogue come out again, a few each Friday (UTC): the catalogue does not say when they first did.
 * @param all a live view of the catalogue
 */
export function createReleases<T>(seed: number, all: () => readonly T[]): Releases<T> {
  let drawnFor = Number.NaN
  let drawn: T[] = []

  const ofWeek = (at: number) => {
    const week = Math.floor((at - FIRST_FRIDAY) / WEEK)
    // Whatever is added to the catalogue in the meantime, a week keeps its releases.
    if (week === drawnFor && drawn.length > 0) return drawn
    drawnFor = week
    const songs = all()
    const random = createRandom(seed, `releases of week ${week}`)
    drawn = songs.length === 0 ? [] : Array.from({ length: RELEASES_A_WEEK }, () => random.pick(songs))
    return drawn
  }

  return {
    share: (at) => SPIKE[Math.floor(((at - FIRST_FRIDAY) % WEEK) / DAY)] ?? 0,
    ofWeek,
    ofDay: (at) => ofWeek(at)[0],
  }
}
