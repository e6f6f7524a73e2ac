import { Type } from 'typebox'

/** The time zone of days and hours. */
export const ZoneSchema = Type.Optional(
  Type.String({
    maxLength: 64,
    default: 'UTC',
    description: 'Time zone of days, hours, and times without an offset, such as Europe/Berlin',
  }),
)
