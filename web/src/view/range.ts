import { DAY_MS, HOUR_MS } from '../../../src/calendar/clock.ts'
import {
  addDays,
  dayOf,
  daysBetween,
  earlier,
  endOfDay,
  firstOfMonth,
  isDay,
  startOfDay,
  startOfHour,
} from '../../../src/calendar/day.ts'
import { EARLIEST_MS, LATEST_MS, parseMoment } from '../../../src/calendar/moment.ts'

/** Ranges that move along with the clock, by the name that the address keeps. */
export const PRESETS = ['today', '24h', '7d', '30d', '12mo', 'all'] as const
export type Preset = (typeof PRESETS)[number]

/** A time between two moments: days (`2026-11-23`, whole ones, the last one included) or times in ISO 8601. */
export interface FreeRange {
  from: string
  to: string
}

export type Range = Preset | FreeRange

export const DEFAULT_RANGE: Preset = '7d'

/** Moments of an address have no zone other than UTC. @returns milliseconds since 1970, or null */
const momentOf = (text: string) => (text.endsWith('Z') ? parseMoment(text, 'UTC') : null)

/** Reads a range from the parameters of an address; undefined where it names none, or none that makes sense. */
export function parseRange(params: URLSearchParams): Range | undefined {
  const preset = PRESETS.find((name) => name === params.get('range'))
  if (preset) return preset
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? '']
  if (isDay(from) && isDay(to)) return from <= to ? { from, to } : undefined
  const [begin, end] = [momentOf(from), momentOf(to)]
  return begin !== null && end !== null && begin < end ? { from, to } : undefined
}

export function setRange(params: URLSearchParams, range: Range | undefined): void {
  if (range === undefined) return
  if (typeof range === 'string') params.set('range', range)
  else {
    params.set('from', range.from)
    params.set('to', range.to)
  }
}

/** How many days a range of days has; today is one of them. */
const DAYS = { today: 1, '7d': 7, '30d': 30 } as const

const clamped = (moment: number) => Math.min(LATEST_MS, Math.max(EARLIEST_MS, moment))

/**
 * When a range begins and ends, in milliseconds since 1970: whole days and hours of the zone, the last one up to now.
 * Empty where the range is open.
 */
export function momentsOf(range: Range, zone: string, now: number): { from?: number; to?: number } {
  if (typeof range !== 'string') {
    if (!isDay(range.from)) return { from: Date.parse(range.from), to: Date.parse(range.to) }
    return { from: clamped(startOfDay(range.from, zone)), to: clamped(endOfDay(range.to, zone)) }
  }
  if (range === 'all') return {}
  if (range === '24h') return { from: startOfHour(now, zone) - 23 * HOUR_MS }
  const today = dayOf(now, zone)
  if (range === '12mo') return { from: startOfDay(firstOfMonth(today, -11), zone) }
  return { from: startOfDay(addDays(today, 1 - DAYS[range]), zone) }
}

/**
 * The period before a range, which is compared with it: as many whole days (hours of the last 24, months of twelve)
 * earlier, and if the range is not over yet, up to the same time of its last day. Undefined where there is none.
 */
export function momentsBefore(
  range: Range,
  zone: string,
  now: number,
): { from: number; to: number } | undefined {
  const { from, to = now } = momentsOf(range, zone, now)
  if (from === undefined) return undefined
  if (typeof range !== 'string') {
    if (!isDay(range.from)) return { from: clamped(from - (to - from)), to: from }
    const days = daysBetween(range.from, range.to) + 1
    return { from: clamped(startOfDay(addDays(range.from, -days), zone)), to: from }
  }
  if (range === '24h') return { from: from - DAY_MS, to: to - DAY_MS }
  // By the calendar and not by hours, so that a day of 23 hours still counts as one.
  const by = range === '12mo' ? { years: 1 } : { days: DAYS[range as keyof typeof DAYS] }
  return { from: earlier(from, by, zone), to: earlier(to, by, zone) }
}
