import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime'
import { DAY_MS } from './clock.ts'
import { isDay, startOfDay } from './day.ts'

/** The first moment of the year 1 and the last of the year 9999 (UTC), in milliseconds since 1970. */
export const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z')
export const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')

const SECONDS = /^-?\d+(\.\d+)?$/
const DATE = /^\d{4}-\d\d-\d\d/
const TIME = /^T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * Reads a moment: a day or a time in ISO 8601, or seconds since 1970. A time without an offset is by the clock of the
 * zone, and a day is its first moment.
 * @returns milliseconds since 1970, in the years 1 to 9999, or null
 */
export function parseMoment(text: string, zone = 'UTC'): number | null {
  const moment = SECONDS.test(text) ? Math.round(Number(text) * 1000) : parseIso(text, zone)
  // A zone is in the year 1 or 9999 up to a day before or after UTC.
  const inYears = moment !== null && moment >= EARLIEST_MS - DAY_MS && moment <= LATEST_MS + DAY_MS
  return inYears ? moment : null
}

function parseIso(text: string, zone: string): number | null {
  const [day = ''] = DATE.exec(text) ?? []
  if (!isDay(day)) return null
  if (text === day) return startOfDay(day, zone)
  const time = TIME.exec(text.slice(day.length))
  if (time === null) return null
  const [, hour = '', minute = '', second = '00', fraction = '', offset] = time
  if (hour > '23' || minute > '59' || second > '59') return null
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const clock = Date.parse(`${day}T${hour}:${minute}:${second}Z`) + milliseconds
  if (offset !== undefined) {
    const ahead = offsetOf(offset)
    return ahead === null ? null : clock - ahead
  }
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number)
  return PlainDateTime.toZonedDateTime(
    PlainDateTime.create(year, month, dayOfMonth, Number(hour), Number(minute), Number(second), milliseconds),
    zone,
  ).epochMilliseconds
}

/** Milliseconds of `Z`, `+01`, `+0130` or `+01:30`; null if there is no such offset. */
function offsetOf(text: string): number | null {
  if (text === 'Z') return 0
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', ''))]
  if (hours > 23 || minutes > 59) return null
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
