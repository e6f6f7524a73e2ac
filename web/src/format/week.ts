// Any week that begins with a Monday serves to name its days.
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

const short = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })
const long = new Intl.DateTimeFormat(undefined, { weekday: 'long', timeZone: 'UTC' })
const hour = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
})

/** A day of the week, 1 for Monday to 7 for Sunday. */
export const formatWeekday = (weekday: number, length: 'short' | 'long') =>
  (length === 'short' ? short : long).format(MONDAY + (weekday - 1) * DAY_MS)

/** A full hour of the day, 0 to 24. */
export const formatHourOfDay = (of: number) => hour.format(MONDAY + of * 3_600_000)
