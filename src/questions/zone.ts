import { Type } from 'typebox'

/** The time zone that days and hours are told in. */
export const ZoneSchema = Type.Optional(
  Type.String({
    maxLength: 64,
    default: 'UTC',
    description: 'Time zone of days and hours, such as Europe/Berlin',
  }),
)

/** Whether this is a time zone that both this process and ClickHouse know by its IANA name. */
export function isZone(zone: string): boolean {
  // Offsets such as +01:00 are zones to Intl, and none to ClickHouse.
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>()
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/**
 * What the clock of a zone shows at a moment.
 * @param moment milliseconds since 1970
 * @returns the weekday, 1 is Monday, and the hour, 0 to 23
 */
export function zonedHour(moment: number, zone: string): { weekday: number; hour: number } {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: 'numeric',
    })
    clocks.set(zone, clock)
  }
  const parts = clock.formatToParts(moment)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return { weekday: WEEKDAYS.indexOf(part('weekday')) + 1, hour: Number(part('hour')) }
}
