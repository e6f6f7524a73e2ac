import { Failure } from '../runtime/failure.ts'

type Flags = Record<string, string | boolean | undefined>

/** Reads a flag that is a whole number. @throws Failure BAD_SETTING naming the flag */
export function wholeFlag(flags: Flags, name: string, least: number): number | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least || text === '')
    throw new Failure('BAD_SETTING', `--${name} must be a whole number of at least ${least}.`)
  return value
}

/** Reads a flag that is a number above zero. @throws Failure BAD_SETTING naming the flag */
export function positiveFlag(flags: Flags, name: string): number | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0 || text === '')
    throw new Failure('BAD_SETTING', `--${name} must be a number above 0.`)
  return value
}

/** Reads a flag such as 0.05 or 5%. @returns 0 to 1 @throws Failure BAD_SETTING naming the flag */
export function shareFlag(flags: Flags, name: string): number | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const [, number, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(String(text)) ?? []
  const share = Number(number) / (percent === '%' ? 100 : 1)
  if (!(share >= 0 && share <= 1))
    throw new Failure(
      'BAD_SETTING',
      `--${name} must be a share from 0 to 1, or 0% to 100%, such as 0.05 or 5%.`,
    )
  return share
}

/** Reads a flag that is one of several words. @throws Failure BAD_SETTING naming the flag and the words */
export function wordFlag<T extends string>(flags: Flags, name: string, words: readonly T[]): T | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const word = words.find((known) => known === text)
  if (word === undefined) throw new Failure('BAD_SETTING', `--${name} must be one of ${words.join(', ')}.`)
  return word
}

/** Reads a flag with a custom parser. @throws Failure BAD_SETTING naming the flag and an example */
export function formFlag<T>(
  flags: Flags,
  name: string,
  read: (text: string) => T | null,
  example: string,
): T | undefined {
  const text = flags[name]
  if (text === undefined) return undefined
  const value = read(String(text))
  if (value === null) throw new Failure('BAD_SETTING', `--${name} must look like ${example}.`)
  return value
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/**
 * Reads a flag that is a date (its first instant in UTC) or a time with an offset.
 * @returns milliseconds since 1970
 * @throws Failure BAD_SETTING naming the flag
 */
export function momentFlag(flags: Flags, name: string): number | undefined {
  return formFlag(
    flags,
    name,
    (text) => {
      const moment = MOMENT.test(text) ? Date.parse(text) : Number.NaN
      // Date.parse would move 31 April to 1 May.
      const real = new Date(`${text.slice(0, 10)}T00:00:00Z`)
      const isReal = !Number.isNaN(real.valueOf()) && real.toISOString().slice(0, 10) === text.slice(0, 10)
      return Number.isNaN(moment) || !isReal ? null : moment
    },
    '2026-01-31 or 2026-01-31T08:00:00Z',
  )
}
