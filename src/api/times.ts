import { parseTime } from '../listen/parse-time.ts'
import type { Filter } from '../questions/filter.ts'
import { isZone } from '../questions/zone.ts'
import { RequestError } from './error.ts'

/** Checks what the schema of the filters cannot. @throws RequestError 400 naming `from`, `to` or `zone` */
export function checkTimes(filter: Pick<Filter, 'from' | 'to' | 'zone'>): void {
  for (const name of ['from', 'to'] as const) {
    const text = filter[name]
    if (text !== undefined && parseTime(text) === null)
      throw new RequestError(
        400,
        'invalid_parameter',
        `${name} must be a time such as 2026-11-23T08:00:00Z, or seconds since 1970.`,
        name,
      )
  }
  if (filter.zone !== undefined && !isZone(filter.zone))
    throw new RequestError(
      400,
      'invalid_parameter',
      'zone must be the name of a time zone, such as Europe/Berlin.',
      'zone',
    )
}
