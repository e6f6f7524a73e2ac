import { timeOfDay } from '../../../src/calendar/clock.ts'
import { dayOf, daysBetween, startOfDay } from '../../../src/calendar/day.ts'
import type { OverTime } from '../../../src/questions/over-time.ts'

type Bucket = OverTime['buckets'][number]

/** Names each bucket: days after the first one, time, and if a time comes twice, which of them it is. */
function placesOf(buckets: readonly Bucket[], zone: string): string[] {
  const first = dayOf((buckets[0]?.start ?? 0) * 1000, zone)
  const seen = new Map<string, number>()
  return buckets.map(({ start }) => {
    const moment = start * 1000
    const place = `${daysBetween(first, dayOf(moment, zone))} ${timeOfDay(moment, zone)}`
    const times = (seen.get(place) ?? 0) + 1
    seen.set(place, times)
    return `${place} ${times}`
  })
}

/**
 * Finds for each bucket the one to compare it with in the period before. Minutes and hours of whole days are compared by
 * the clock, so that a day on which it changes does not shift all that follow; everything else in order.
 * @returns null where the period before has none
 */
export function besideBefore(now: OverTime, before: OverTime, zone: string): (Bucket | null)[] {
  const start = now.buckets[0]?.start ?? 0
  const byClock =
    (now.unit === 'hour' || now.unit === 'minute') &&
    startOfDay(dayOf(start * 1000, zone), zone) === start * 1000
  if (!byClock) return now.buckets.map((_, at) => before.buckets[at] ?? null)
  const places = placesOf(before.buckets, zone)
  const found = new Map(places.map((place, at) => [place, before.buckets[at]]))
  return placesOf(now.buckets, zone).map((place) => found.get(place) ?? null)
}
