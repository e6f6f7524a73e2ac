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
