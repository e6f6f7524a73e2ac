import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant'
import {
  getTimeZoneTransition,
  offsetNanoseconds,
  type Record as Zoned,
} from 'temporal-polyfill/fns/ZonedDateTime'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** A stretch of time in which a zone keeps its offset; all in milliseconds. */
interface Stretch {
  from: number
  to: number
  offset: number
}

// Temporal takes some microseconds for an offset. These take nanoseconds, and a zone has two a year at most.
const stretches = new Map<string, Stretch[]>()

/** @param moment milliseconds since 1970, fractions allowed: the simulated crowd plays between milliseconds */
export const zoned = (moment: number, zone: string): Zoned =>
  toZonedDateTimeISO(fromEpochMilliseconds(Math.floor(moment)), zone)

function stretchAt(moment: number, zone: string): Stretch {
  let known = stretches.get(zone)
  if (known === undefined) {
    known = []
    stretches.set(zone, known)
  }
  for (const stretch of known) if (moment >= stretch.from && moment < stretch.to) return stretch
  const at = zoned(moment, zone)
  const found = {
    // A transition is the first moment of its stretch, also when it is asked for exactly then.
    from:
      getTimeZoneTransition(zoned(Math.floor(moment) + 1, zone), 'previous')?.epochMilliseconds ?? -Infinity,
    to: getTimeZoneTransition(at, 'next')?.epochMilliseconds ?? Infinity,
    offset: offsetNanoseconds(at) / 1e6,
  }
  known.push(found)
  return found
}

/**
 * Milliseconds that the clock of a zone is ahead of UTC.
 * @param moment milliseconds since 1970
 * @param zone canonical name, see `canonicalZone`
 */
export const offsetAt = (moment: number, zone: string): number => stretchAt(moment, zone).offset

/** Whether the clock of a zone is not changed between two moments. */
export const isUnchanged = (from: number, to: number, zone: string): boolean =>
  stretchAt(from, zone) === stretchAt(to, zone)

const MONDAY_TO_1970 = 3

/**
 * What the clock of a zone shows.
 * @param moment milliseconds since 1970
 * @returns the weekday, 1 for Monday to 7 for Sunday, and the hour, 0 to 23
 */
export function zonedHour(moment: number, zone: string): { weekday: number; hour: number } {
  const clock = moment + offsetAt(moment, zone)
  const day = Math.floor(clock / DAY_MS)
  return {
    weekday: ((((day + MONDAY_TO_1970) % 7) + 7) % 7) + 1,
    hour: Math.floor((clock - day * DAY_MS) / HOUR_MS),
  }
}

/** Milliseconds that the clock of a zone has passed midnight. */
export function timeOfDay(moment: number, zone: string): number {
  const clock = moment + offsetAt(moment, zone)
  return clock - Math.floor(clock / DAY_MS) * DAY_MS
}
