import type { OverTime } from '../../../src/questions/over-time.ts'
import { dayOf, startOfDay } from '../view/range.ts'

type Bucket = OverTime['buckets'][number]

const clocks = new Map<string, Intl.DateTimeFormat>()

function timeOf(seconds: number, zone: string): string {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' })
    clocks.set(zone, clock)
  }
  return clock.format(seconds * 1000)
}

/** Names each bucket by how many days after the first it is, by its time, and where a time comes twice, which it is. */
function placesOf(buckets: readonly Bucket[], zone: string): string[] {
  const first = Date.parse(dayOf((buckets[0]?.start ?? 0) * 1000, zone))
  const seen = new Map<string, number>()
  return buckets.map(({ start }) => {
    const place = `${Date.parse(dayOf(start * 1000, zone)) - first} ${timeOf(start, zone)}`
    const times = (seen.get(place) ?? 0) + 1
    seen.set(place, times)
    return `${place} ${times}`
  })
}

/**
 * For each bucket its like in the period before. Minutes and hours of whole days are compared by the clock, so that a
 * day on which it is changed does not move all that come after; everything else in order.
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
