import type { Rate } from './tempo.ts'

/** A period with a higher rate. */
export interface Spike {
  /** Multiple of the normal rate. */
  times: number
  /** Milliseconds from the start of the simulation. */
  after: number
  /** Duration in milliseconds. */
  lasts: number
}

const LASTS = 5 * 60_000
const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 }
const FORM = /^(\d+(?:\.\d+)?)x@(\d+(?:\.\d+)?)([smh])(?:\+(\d+(?:\.\d+)?)([smh]))?$/

/** Parses `10x@5m` (10 times the rate after 5 minutes, for 5 minutes) or `10x@5m+30s`; null if invalid. */
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

/** Adds a spike to a rate. @param start start of the simulation, in milliseconds since 1970 */
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
