import type { Rate } from './tempo.ts'

/** A while in which there is more than usual. */
export interface Spike {
  /** How many times the usual rate. */
  times: number
  /** When it begins, in milliseconds after the start. */
  after: number
  /** How long it lasts, in milliseconds. */
  lasts: number
}

const LASTS = 5 * 60_000
const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 }
const FORM = /^(\d+(?:\.\d+)?)x@(\d+(?:\.\d+)?)([smh])(?:\+(\d+(?:\.\d+)?)([smh]))?$/

/** Reads `10x@5m` (ten times the rate after five minutes, for five minutes) or `10x@5m+30s`; null where it is neither. */
export function readSpike(text: string): Spike | null {
  const [, times, after, afterUnit, lasts, lastsUnit] = FORM.exec(text) ?? []
  if (times === undefined || after === undefined) return null
  const milliseconds = (amount: string, unit: string | undefined) => Number(amount) * (UNITS[unit ?? ''] ?? 0)
  return {
    times: Number(times),
    after: milliseconds(after, afterUnit),
    lasts: lasts === undefined ? LASTS : milliseconds(lasts, lastsUnit),
  }
}

/** A rate with a spike in it. @param start when the counting begins, in milliseconds since 1970 */
export function withSpike(rate: Rate, spike: Spike, start: number): Rate {
  const begin = start + spike.after
  const end = begin + spike.lasts
  return (at) => {
    const usual = rate(at)
    const border = at < begin ? begin : at < end ? end : Number.POSITIVE_INFINITY
    const times = at >= begin && at < end ? spike.times : 1
    return { perSecond: usual.perSecond * times, until: Math.min(usual.until, border) }
  }
}
