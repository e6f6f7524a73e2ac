import { DAY_MS, HOUR_MS, isUnchanged, timeOfDay } from './clock.ts'
import { addDays, dayOf, firstOfMonth, startOfDay } from './day.ts'

export const UNITS = ['minute', 'hour', 'day', 'month'] as const
export type Unit = (typeof UNITS)[number]

/** A piece of time as a calendar cuts it. */
export interface Bucket {
  /** Milliseconds since 1970. */
  start: number
  end: number
  /** Of a day or a month its first day, as `2026-11-23`. */
  day?: string
}

const LENGTH_MS = { minute: 60_000, hour: HOUR_MS } as const

/**
 * The minutes, hours, days or months of a zone that a range touches, in order.
 *
 * Hours are counted from the first one: where a clock is changed by half an hour, they begin at another minute of the
 * clock afterwards. A day that the zone skipped is not among them.
 * @param from milliseconds since 1970; `to` is after it
 * @param most how many at most
 * @returns null if there are more
 */
export function bucketsOf(
  unit: Unit,
  { from, to }: { from: number; to: number },
  zone: string,
  most: number,
): Bucket[] | null {
  return unit === 'minute' || unit === 'hour'
    ? evenBuckets(LENGTH_MS[unit], { from, to }, zone, most)
    : dayBuckets(unit, { from, to }, zone, most)
}

function evenBuckets(
  length: number,
  { from, to }: { from: number; to: number },
  zone: string,
  most: number,
): Bucket[] | null {
  const first = from - (timeOfDay(from, zone) % length)
  const count = Math.ceil((to - first) / length)
  if (count > most) return null
  return Array.from({ length: count }, (_, at) => ({
    start: first + at * length,
    end: first + (at + 1) * length,
  }))
}

function dayBuckets(
  unit: 'day' | 'month',
  { from, to }: { from: number; to: number },
  zone: string,
  most: number,
): Bucket[] | null {
  if (to - from > most * 31 * DAY_MS) return null
  const buckets: Bucket[] = []
  let day = dayOf(from, zone)
  if (unit === 'month') day = firstOfMonth(day, 0)
  let start = startOfDay(day, zone)
  while (start < to) {
    const next = unit === 'month' ? firstOfMonth(day, 1) : addDays(day, 1)
    const end =
      unit === 'day' && isUnchanged(start - 1, start + DAY_MS, zone) ? start + DAY_MS : startOfDay(next, zone)
    if (end > start) buckets.push({ start, end, day })
    if (buckets.length > most) return null
    ;[day, start] = [next, end]
  }
  return buckets
}
