const DAY = 86_400_000

/** Local time in other zones. */
export interface LocalTime {
  /**
   * Offset of local time from UTC, in milliseconds.
   * @param zone IANA name
   * @param at milliseconds since 1970
   */
  offset(zone: string, at: number): number
}

/**
 * Reads Node's time zones. An offset is looked up once per day (UTC), so a clock change takes effect at
 * the following midnight.
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
