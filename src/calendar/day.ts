import * as PlainDate from 'temporal-polyfill/fns/PlainDate'
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime'
import { zoned } from './clock.ts'

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
/** A zone may be in the year 0 or 10000 already when it is still the year 1 or 9999 in UTC. */
const ANY_DAY = /^([+-]?\d{4,6})-(\d\d)-(\d\d)$/

/** Whether this is a day of the calendar, in the years 1 to 9999, written as `2026-11-23`. */
export function isDay(text: string): boolean {
  if (!DAY.test(text) || text.startsWith('0000')) return false
  try {
    dayNamed(text)
    return true
  } catch {
    return false
  }
}

/** @throws RangeError if the calendar has no such day */
function dayNamed(text: string): PlainDate.Record {
  const [, year, month, day] = ANY_DAY.exec(text) ?? []
  return PlainDate.create(Number(year), Number(month), Number(day))
}

/**
 * The first moment of a day in a zone, in milliseconds since 1970. A day that the zone skipped begins where the next one
 * does.
 */
export const startOfDay = (day: string, zone: string): number =>
  PlainDate.toZonedDateTime(dayNamed(day), zone).epochMilliseconds

/** The first moment after a day in a zone, in milliseconds since 1970. */
export const endOfDay = (day: string, zone: string): number =>
  PlainDate.toZonedDateTime(PlainDate.addDays(dayNamed(day), 1), zone).epochMilliseconds

/** The day of a moment in a zone, as `2026-11-23`. */
export const dayOf = (moment: number, zone: string): string =>
  PlainDate.toString(ZonedDateTime.toPlainDate(zoned(moment, zone)))

export const addDays = (day: string, days: number): string =>
  PlainDate.toString(PlainDate.addDays(dayNamed(day), days))

/** The first day of the month that is so many months after the one of a day. */
export const firstOfMonth = (day: string, months: number): string =>
  PlainDate.toString(PlainDate.addMonths(PlainDate.withDayOfMonth(dayNamed(day), 1), months))

/** How many days one day is after another. */
export const daysBetween = (from: string, to: string): number =>
  PlainDate.diffDays(dayNamed(from), dayNamed(to))

/** The moment at which the hour that a clock shows began. */
export const startOfHour = (moment: number, zone: string): number =>
  ZonedDateTime.startOfHour(zoned(moment, zone)).epochMilliseconds

/**
 * The same time by the clock of a zone, days or years earlier. The first moment of a day becomes the first moment of the
 * earlier day, whatever the clock shows then.
 */
export function earlier(moment: number, by: { days: number } | { years: number }, zone: string): number {
  const at = zoned(moment, zone)
  const before =
    'days' in by ? ZonedDateTime.subtractDays(at, by.days) : ZonedDateTime.subtractYears(at, by.years)
  const startsDay = ZonedDateTime.startOfDay(at).epochMilliseconds === moment
  return (startsDay ? ZonedDateTime.startOfDay(before) : before).epochMilliseconds
}
