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

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/

export const isDay = (text: string) => DAY.test(text) && !Number.isNaN(Date.parse(text))
const isMoment = (text: string) => MOMENT.test(text) && !Number.isNaN(Date.parse(text))

/** Reads a range from the parameters of an address; undefined where it names none, or none that makes sense. */
export function parseRange(params: URLSearchParams): Range | undefined {
  const preset = PRESETS.find((name) => name === params.get('range'))
  if (preset) return preset
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? '']
  if (isDay(from) && isDay(to)) return from <= to ? { from, to } : undefined
  return isMoment(from) && isMoment(to) && Date.parse(from) < Date.parse(to) ? { from, to } : undefined
}

export function setRange(params: URLSearchParams, range: Range | undefined): void {
  if (range === undefined) return
  if (typeof range === 'string') params.set('range', range)
  else {
    params.set('from', range.from)
    params.set('to', range.to)
  }
}

/** What a clock on the wall shows in a zone, as if it were UTC: its difference to the moment is the zone's offset. */
function wallClock(moment: number, zone: string): number {
  const whole = Math.floor(moment / 1000) * 1000
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(whole)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) +
    (moment - whole)
  )
}

/** When a clock on the wall of a zone shows this: the first time where it does so twice, as much later as it skips. */
function momentAt(clock: number, zone: string): number {
  const offset = (moment: number) => wallClock(moment, zone) - moment
  const [before, after] = [clock - offset(clock - DAY_MS), clock - offset(clock + DAY_MS)]
  const found = [Math.min(before, after), Math.max(before, after)].find(
    (moment) => wallClock(moment, zone) === clock,
  )
  return found ?? before
}

/** What the clock of a zone shows: the weekday, 1 for Monday to 7 for Sunday, and the hour of the day. */
export function zonedHour(moment: number, zone: string): { weekday: number; hour: number } {
  const clock = new Date(wallClock(moment, zone))
  return { weekday: ((clock.getUTCDay() + 6) % 7) + 1, hour: clock.getUTCHours() }
}

/** When a day begins in a zone, in milliseconds since 1970; the first moment of it where midnight is skipped. */
export const startOfDay = (day: string, zone: string) => momentAt(Date.parse(`${day}T00:00:00Z`), zone)

/** The day of a moment in a zone, as `2026-11-23`. */
export const dayOf = (moment: number, zone: string) =>
  new Date(wallClock(moment, zone)).toISOString().slice(0, 10)

/** So many days after a day. */
export const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** How many days back a range of days begins; today is one of them. */
const DAYS_BACK = { today: 0, '7d': 6, '30d': 29 } as const

/**
 * When a range begins and ends, in milliseconds since 1970: whole days and hours of the zone, the last up to now. Nothing
 * where it is open.
 */
export function momentsOf(range: Range, zone: string, now: number): { from?: number; to?: number } {
  if (typeof range !== 'string') {
    if (!isDay(range.from)) return { from: Date.parse(range.from), to: Date.parse(range.to) }
    return { from: startOfDay(range.from, zone), to: startOfDay(addDays(range.to, 1), zone) }
  }
  if (range === 'all') return {}
  if (range === '24h') return { from: now - (wallClock(now, zone) % HOUR_MS) - 23 * HOUR_MS }
  const today = dayOf(now, zone)
  if (range === '12mo') {
    const [year, month] = today.split('-').map(Number)
    const first = new Date(Date.UTC(year ?? 0, (month ?? 1) - 12, 1)).toISOString().slice(0, 10)
    return { from: startOfDay(first, zone) }
  }
  return { from: startOfDay(addDays(today, -DAYS_BACK[range]), zone) }
}

/**
 * The stretch before a range that is compared with it: as many whole days (hours of the last 24, months of twelve)
 * earlier, and where the range is not over yet, up to the same time of its last day. Undefined where there is none.
 */
export function momentsBefore(
  range: Range,
  zone: string,
  now: number,
): { from: number; to: number } | undefined {
  const { from, to = now } = momentsOf(range, zone, now)
  if (from === undefined) return undefined
  if (typeof range !== 'string' && !isDay(range.from)) return { from: from - (to - from), to: from }
  if (range === '24h') return { from: from - 24 * HOUR_MS, to: to - 24 * HOUR_MS }
  if (range === '12mo') return { from: yearBefore(from, zone), to: yearBefore(to, zone) }
  // By the calendar and not by hours, so that a day of 23 hours still counts as one.
  const days = Math.round((Date.parse(dayOf(to - 1, zone)) - Date.parse(dayOf(from, zone))) / DAY_MS) + 1
  return { from: shiftDays(from, -days, zone), to: shiftDays(to, -days, zone) }
}

/** The same time on the clock, so many days later. */
const shiftDays = (moment: number, days: number, zone: string) =>
  momentAt(wallClock(moment, zone) + days * DAY_MS, zone)

function yearBefore(moment: number, zone: string): number {
  const clock = new Date(wallClock(moment, zone))
  // The last of February of a leap year has the day before as its like.
  if (clock.getUTCMonth() === 1 && clock.getUTCDate() === 29) clock.setUTCDate(28)
  clock.setUTCFullYear(clock.getUTCFullYear() - 1)
  return momentAt(clock.getTime(), zone)
}
