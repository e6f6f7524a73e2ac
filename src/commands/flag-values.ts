import { Failure } from '../failure.ts'

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
