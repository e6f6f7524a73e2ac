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
