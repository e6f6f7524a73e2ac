import type { Listener } from './listener.ts'
import type { Rhythm } from './rhythm.ts'
import type { Rate } from './tempo.ts'

const HOUR = 3_600_000
const HOURS_OF_WEEK = 168

/**
 * A rate that follows the share of active listeners, hour by hour, and averages to the given rate over
 * a week.
 * @param until after this time the rate is constant, in milliseconds since 1970
 */
export function withTide(rate: Rate, rhythm: Rhythm, listeners: readonly Listener[], until: number): Rate {
  // Listeners of one zone and habit are active together, so one represents all.
  const kinds = new Map<string, { one: Listener; appetite: number }>()
  for (const listener of listeners) {
    const key = `${listener.zone} ${listener.shift}`
    const kind = kinds.get(key) ?? { one: listener, appetite: 0 }
    kind.appetite += listener.appetite
    kinds.set(key, kind)
  }
  const awake = (at: number) => {
    let sum = 0
    for (const { one, appetite } of kinds.values()) sum += appetite * rhythm.activity(one, at)
    return sum
  }
  let usual = 0
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) usual += awake(hour * HOUR) / HOURS_OF_WEEK

  return (at) => {
    const given = rate(at)
    if (at >= until) return given
    const nextHour = (Math.floor(at / HOUR) + 1) * HOUR
    return {
      perSecond: (given.perSecond * awake(at)) / usual,
      until: Math.min(given.until, nextHour, until),
    }
  }
}
