import { createRandom, type Random } from './random.ts'

/**
 * Skip profile of a song: for each second, the share of listeners who have left. It depends only on
 * the song, and consists of responses to its beginning and to a few later moments (Donier, 2020).
 */
export interface SkipProfile {
  /**
   * The second at which a listener leaves.
   * @param patience exponentially distributed (mean 1), divided by the listener's restlessness
   * @returns 1 to the length of the song; the length means that the listener stays to the end
   */
  leavingSecond(patience: number): number
}

/**
 * Hazard of each stretch of a song for an average listener: minus the logarithm of the share that
 * stays. Fitted so that the everyday crowd matches Lamere's figures.
 */
const HAZARD = { to5: 0.2806, to10: 0.071, to30: 0.1002, to60: 0.108, toEnd: 0.1705 }

/** Response to the beginning, per second; the first second is too short to decide. */
const ONSET = [0.12, 0.3, 0.27, 0.18, 0.13]
const AFTERMATH = [0.28, 0.23, 0.19, 0.16, 0.14]
/** Response to a later moment, per second: a delay, a peak, then a decay. */
const RESPONSE = [0.03, 0.1, 0.18, 0.18, 0.15, 0.11, 0.08, 0.06, 0.04, 0.03, 0.02, 0.02]
/** Share of later skips that respond to a moment. */
const RESPONDING = 0.6

/**
 * @param song identity of the song, which determines its profile
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
  // Moments distribute the hazard but do not change its total, so every catalogue matches the published shares.
  const vary = (shares: readonly number[]) => shares.map((share) => share * (0.75 + 0.5 * random.next()))
  spend(hazard, 1, vary(ONSET), HAZARD.to5)
  spend(hazard, 6, vary(AFTERMATH), HAZARD.to10)
  spend(hazard, 11, waning(20, 1.3, 0.8, moments(random, 20, 1)), HAZARD.to30)
  spend(hazard, 31, waning(30, 1.12, 0.95, moments(random, 30, 1)), HAZARD.to60)
  const rest = duration - 61
  // Whether the song keeps listeners to its end.
  const grip = 0.85 + 0.3 * random.next()
  if (rest > 0)
    spend(hazard, 61, waning(rest, 1.1, 0.9, moments(random, rest, 2 + random.below(3))), HAZARD.toEnd * grip)
  const leftBy = new Float32Array(hazard.length)
  for (let second = 1; second < hazard.length; second++)
    leftBy[second] = (leftBy[second - 1] as number) + (hazard[second] as number)
  return leftBy
}

/** Weights of the seconds of a stretch from its moments; sum 1. */
function moments(random: Random, seconds: number, count: number): number[] {
  const added = new Array<number>(seconds).fill(0)
  for (let moment = 0; moment < count; moment++) {
    const begins = random.below(seconds)
    const strength = (0.5 + random.next()) / count
    for (const [delay, share] of RESPONSE.entries()) {
      // A response beyond the end of the stretch wraps to its beginning, so that the sum stays 1.
      const at = (begins + delay) % seconds
      added[at] = (added[at] as number) + share * strength
    }
  }
  return added
}

/** Weights that decay over a stretch, plus its moments. */
function waning(seconds: number, first: number, last: number, its: readonly number[]): number[] {
  return its.map(
    (added, second) =>
      ((1 - RESPONDING) * (first + ((last - first) * second) / seconds)) / seconds + RESPONDING * added,
  )
}

/** Distributes hazard over the following seconds in proportion to their weights. */
function spend(hazard: Float64Array, from: number, shares: readonly number[], amount: number): void {
  const total = shares.reduce((sum, share) => sum + share, 0)
  for (const [index, share] of shares.entries())
    if (from + index < hazard.length) hazard[from + index] = (share / total) * amount
}
