import { createRandom, type Random } from './random.ts'

/**
 * How people leave one song: for each second, how many have left by then. It is the song's own, the same wherever and
 * whenever it is played, and made of responses to moments in it: its beginning, and a few later ones (Donier, 2020).
 */
export interface SkipProfile {
  /**
   * When somebody leaves.
   * @param patience exponentially distributed (mean 1) and divided by how restless they are
   * @returns the second, from 1 on, or the song's length where they stay to the end
   */
  leavingSecond(patience: number): number
}

/**
 * The hazard that is spent between two moments of every song, for the usual listener: minus the logarithm of the share
 * that stays. Fitted so that the everyday crowd as a whole, whose people differ, leaves as Lamere published.
 */
const HAZARD = { to5: 0.2806, to10: 0.071, to30: 0.1002, to60: 0.108, toEnd: 0.1705 }

/** How the beginning is answered, second by second: the first is too short to decide. */
const ONSET = [0.12, 0.3, 0.27, 0.18, 0.13]
const AFTERMATH = [0.28, 0.23, 0.19, 0.16, 0.14]
/** How a later moment is answered, second by second: late, then all at once, then less and less. */
const RESPONSE = [0.03, 0.1, 0.18, 0.18, 0.15, 0.11, 0.08, 0.06, 0.04, 0.03, 0.02, 0.02]
/** Share of those who leave in the long part of a song who do so in response to one of its moments. */
const RESPONDING = 0.6

/**
 * @param song its identity, from which its profile follows
 * @param duration whole seconds
 */
export function skipProfile(song: string, duration: number): SkipProfile {
  const leftBy = cumulativeHazard(createRandom(0, `skips of ${song}`), duration)
  const last = duration - 1
  return {
    leavingSecond(patience) {
      if (patience > (leftBy[last] as number)) return duration
      let low = 1
      let high = last
      while (low < high) {
        const middle = (low + high) >> 1
        if (patience <= (leftBy[middle] as number)) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}

function cumulativeHazard(random: Random, duration: number): Float32Array {
  const hazard = new Float64Array(Math.max(duration, 2))
  // How the song's own moments share out what is spent, never how much: so every catalogue keeps to the published shares.
  const vary = (shares: readonly number[]) => shares.map((share) => share * (0.75 + 0.5 * random.next()))
  spend(hazard, 1, vary(ONSET), HAZARD.to5)
  spend(hazard, 6, vary(AFTERMATH), HAZARD.to10)
  spend(hazard, 11, waning(20, 1.3, 0.8, moments(random, 20, 1)), HAZARD.to30)
  spend(hazard, 31, waning(30, 1.12, 0.95, moments(random, 30, 1)), HAZARD.to60)
  const rest = duration - 61
  // A song that holds people to its end, or does not.
  const grip = 0.85 + 0.3 * random.next()
  if (rest > 0)
    spend(hazard, 61, waning(rest, 1.1, 0.9, moments(random, rest, 2 + random.below(3))), HAZARD.toEnd * grip)
  const leftBy = new Float32Array(hazard.length)
  for (let second = 1; second < hazard.length; second++)
    leftBy[second] = (leftBy[second - 1] as number) + (hazard[second] as number)
  return leftBy
}

/** What several moments, anywhere in a stretch, add to each of its seconds; 1 in all. */
function moments(random: Random, seconds: number, count: number): number[] {
  const added = new Array<number>(seconds).fill(0)
  for (let moment = 0; moment < count; moment++) {
    const begins = random.below(seconds)
    const strength = (0.5 + random.next()) / count
    for (const [delay, share] of RESPONSE.entries()) {
      // A response that reaches past the stretch goes on at its beginning, so that none is lost.
      const at = (begins + delay) % seconds
      added[at] = (added[at] as number) + share * strength
    }
  }
  return added
}

/** A stretch in which fewer and fewer leave, but for the moments in it. */
function waning(seconds: number, first: number, last: number, its: readonly number[]): number[] {
  return its.map(
    (added, second) =>
      ((1 - RESPONDING) * (first + ((last - first) * second) / seconds)) / seconds + RESPONDING * added,
  )
}

/** Spends an amount of hazard on the seconds from one on, in proportion to their shares. */
function spend(hazard: Float64Array, from: number, shares: readonly number[], amount: number): void {
  const total = shares.reduce((sum, share) => sum + share, 0)
  for (const [index, share] of shares.entries())
    if (from + index < hazard.length) hazard[from + index] = (share / total) * amount
}
