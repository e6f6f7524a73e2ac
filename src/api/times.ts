import { parseMoment } from '../calendar/moment.ts'
import { canonicalZone } from '../calendar/zone.ts'
import type { Filter } from '../questions/filter.ts'
import { RequestError } from './error.ts'

const ZONE = 'zone must be the name of a time zone, such as Europe/Berlin.'
const TIME =
  'must be a day or a time in ISO 8601, such as 2026-11-23 or 2026-11-23T08:00:00Z, in the years 1 to 9999, or seconds since 1970.'

/**
 * Puts the canonical name of the zone into a filter, and its times in seconds since 1970.
 * @throws RequestError 400 naming `from`, `to` or `zone`
 */
export function settleTimes(filter: Pick<Filter, 'from' | 'to' | 'zone'>): void {
  const zone = canonicalZone(filter.zone ?? 'UTC')
  if (zone === null) throw new RequestError(400, 'invalid_parameter', ZONE, 'zone')
  if (filter.zone !== undefined) filter.zone = zone
  for (const name of ['from', 'to'] as const) {
    const text = filter[name]
    if (text === undefined) continue
    const moment = parseMoment(text, zone)
    if (moment === null) throw new RequestError(400, 'invalid_parameter', `${name} ${TIME}`, name)
    filter[name] = String(moment / 1000)
  }
}
