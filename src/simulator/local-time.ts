const DAY = 86_400_000

/** How late it is elsewhere. */
export interface LocalTime {
  /**
   * Milliseconds to add to UTC for the clock on the wall.
   * @param zone IANA name
   * @param at milliseconds since 1970
   */
  offset(zone: string, at: number): number
}

/**
 * Reads the time zones that Node carries with it. An offset is looked up once a day (UTC), which is all a crowd needs:
 * on the two days a year on which a clock changes, it changes at the following midnight.
 */
export function createLocalTime(): LocalTime {
  const formats = new Map<string, Intl.DateTimeFormat>()
  let day = Number.NaN
  let offsets = new Map<string, number>()

  function lookUp(zone: string): number {
    const format =
      formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
    const text = format.formatToParts(day * DAY).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
    const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
    return sign === '-' ? -offset : offset
  }

  return {
    offset(zone, at) {
      const today = Math.floor(at / DAY)
      if (today !== day) {
        day = today
        offsets = new Map()
      }
      let offset = offsets.get(zone)
      if (offset === undefined) {
        offset = lookUp(zone)
        offsets.set(zone, offset)
      }
      return offset
    },
  }
}
