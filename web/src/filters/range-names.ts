import { isDay } from '../../../src/calendar/day.ts'
import type { Preset, Range } from '../view/range.ts'
import { ownZone } from '../view/zone.ts'

export const PRESET_NAME: Record<Preset, string> = {
  today: 'Today',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '12mo': 'Last 12 months',
  all: 'All time',
}

/** A range in words, as a calendar in the zone names it. */
export function rangeName(range: Range, zone = ownZone()): string {
  if (typeof range === 'string') return PRESET_NAME[range]
  const { from, to } = range
  // Days are the same everywhere; moments are told in the zone.
  const [options, of]: [Intl.DateTimeFormatOptions, (text: string) => Date] = isDay(from)
    ? [{ dateStyle: 'medium', timeZone: 'UTC' }, (text) => new Date(`${text}T00:00:00Z`)]
    : [{ dateStyle: 'medium', timeStyle: 'short', timeZone: zone }, (text) => new Date(text)]
  return new Intl.DateTimeFormat(undefined, options).formatRange(of(from), of(to))
}
