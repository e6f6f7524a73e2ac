/** How long each bucket of a question over time is. */
export type BucketUnit = 'minute' | 'hour' | 'day' | 'week' | 'month'

type Options = Intl.DateTimeFormatOptions

const LONG: Record<BucketUnit, Options> = {
  minute: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  hour: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  week: { day: 'numeric', month: 'long', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
}

const SHORT: Record<BucketUnit, Options> = {
  minute: { hour: '2-digit', minute: '2-digit' },
  hour: { weekday: 'short', hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: '2-digit' },
}

const made = new Map<string, Intl.DateTimeFormat>()

// Making a format is slow and a chart writes hundreds of labels.
function format(start: number, options: Options, zone: string): string {
  const key = `${zone} ${JSON.stringify(options)}`
  let formatter = made.get(key)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', timeZone: zone, ...options })
    made.set(key, formatter)
  }
  return formatter.format(new Date(start * 1000))
}

/** A bucket in full, by its start in seconds since 1970. */
export const formatBucket = (start: number, unit: BucketUnit, zone: string) =>
  unit === 'week' ? `Week from ${format(start, LONG.week, zone)}` : format(start, LONG[unit], zone)

/** A bucket on an axis. */
export const formatBucketShort = (start: number, unit: BucketUnit, zone: string) =>
  format(start, SHORT[unit], zone)
