import { createHash } from 'node:crypto'

/** A random generator with the same numbers for the same seed on every machine. */
export interface Random {
  /** 0 to 1, excluding 1. */
  next(): number
  /** A whole number from 0 to `limit`, excluding `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  /** Exponentially distributed, mean 1. */
  exponential(): number
  /** @throws RangeError if the list is empty */
  pick<T>(from: readonly T[]): T
}

/**
 * Creates a generator for one purpose, so that purposes do not affect each other. The algorithm is
 * sfc32 (Doty-Humphrey, PractRand). Faker's generators are shared by the whole process.
 * @param purpose distinguishes generators of the same seed
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
 * -ln(bits / 2^32). Math.log may differ between engines in the last digit; sums, products and
 * quotients are defined to the bit by IEEE 754.
 */
function minusLogarithm(bits: number): number {
  const whole = bits === 0 ? 1 : bits
  const halvings = Math.clz32(whole)
  // 0.5 to 1, after removing powers of two.
  const fraction = ((whole << halvings) >>> 0) / 4_294_967_296
  const part = (fraction - 1) / (fraction + 1)
  const square = part * part
  let series = 0
  for (let power = 17; power >= 1; power -= 2) series = series * square + 1 / power
  return halvings * LOG_2 - 2 * part * series
}
