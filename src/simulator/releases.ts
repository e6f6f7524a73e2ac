import { createRandom } from './random.ts'

const DAY = 86_400_000
const WEEK = 7 * DAY
/** The first Friday after 1970-01-01; releases are on Fridays. */
const FIRST_FRIDAY = DAY
const RELEASES_A_WEEK = 3

/** Share of plays of the week's releases, by days since Friday. */
const SPIKE = [0.09, 0.06, 0.045, 0.03, 0.022, 0.018, 0.015]

/** Releases of a week. */
export interface Releases<T> {
  /** Share of all plays for the week's releases. */
  share(at: number): number
  /** The week's releases, most popular first; empty without songs. */
  ofWeek(at: number): readonly T[]
  /** The song that everybody plays on a release day. */
  ofDay(at: number): T | undefined
}

/**
 * Picks a few songs of the catalogue as releases each Friday (UTC), because it has no release dates.
 * @param all a live view of the catalogue
 */
export function createReleases<T>(seed: number, all: () => readonly T[]): Releases<T> {
  let drawnFor = Number.NaN
  let drawn: T[] = []

  const ofWeek = (at: number) => {
    const week = Math.floor((at - FIRST_FRIDAY) / WEEK)
    // A week keeps its releases when the catalogue grows.
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
