import { createHash } from 'node:crypto'

/** A source of chance that gives the same numbers for the same seed, on every machine. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number
  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  /** How long until something happens that happens once a unit on average: exponentially distributed, mean 1. */
  exponential(): number
  /** @throws RangeError when there is nothing to pick from */
  pick<T>(from: readonly T[]): T
}

/**
 * A generator of its own for each purpose, so that one which draws more numbers does not change what another draws.
 * The algorithm is sfc32 (Doty-Humphrey, PractRand). Faker's own generators are no choice for this: those of its
 * locales belong to the whole process, and the one that stands alone comes only with all locales.
 * @param purpose tells the generators of one seed apart
 */
export function createRandom(seed: number, purpose: string): Random {
  const digest = createHash('sha256').update(`${purpose}:${seed}`).digest()
  let a = digest.readInt32LE(0)
  let b = digest.readInt32LE(4)
  let c = digest.readInt32LE(8)
  let counter = 1

  const bits = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const next = () => bits() / 4_294_967_296
  const below = (limit: number) => Math.floor(next() * limit)

  return {
    next,
    below,
    chance: (probability) => next() < probability,
    exponential: () => minusLogarithm(bits()),
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new RangeError('There is nothing to pick from.')
      return from[below(from.length)] as T
    },
  }
}

const LOG_2 = Math.LN2

/**
 * -ln(bits / 2^32). Of its own, because the last digit of Math.log is each engine's affair and the same seed must give
 * the same events everywhere; sums, products and quotients are exact to the bit by IEEE 754.
 */
function minusLogarithm(bits: number): number {
  const whole = bits === 0 ? 1 : bits
  const halvings = Math.clz32(whole)
  // From 0.5 up to 1: what is left when the powers of two are taken out.
  const fraction = ((whole << halvings) >>> 0) / 4_294_967_296
  const part = (fraction - 1) / (fraction + 1)
  const square = part * part
  let series = 0
  for (let power = 17; power >= 1; power -= 2) series = series * square + 1 / power
  return halvings * LOG_2 - 2 * part * series
}
