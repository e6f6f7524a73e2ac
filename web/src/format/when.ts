/** Moments in the viewer's own locale and time zone. */

// Digits of a fixed width in a column: 24 hours everywhere, so no AM and PM to make lines ragged.
const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** The time, and the day too where that is not today. */
export function formatWhen(timestamp: number, now = new Date()): { time: string; day: string | undefined } {
  const moment = new Date(timestamp * 1000)
  if (moment.toDateString() === now.toDateString()) return { time: time.format(moment), day: undefined }
  const sameYear = moment.getFullYear() === now.getFullYear()
  return { time: time.format(moment), day: (sameYear ? day : dayWithYear).format(moment) }
}

export const formatFullWhen = (timestamp: number) => full.format(new Date(timestamp * 1000))

/** The time of day alone, of a moment in seconds since 1970. */
export const formatClock = (timestamp: number) => time.format(new Date(timestamp * 1000))

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** Day and time, of a moment in seconds since 1970. */
export const formatMoment = (timestamp: number) => moment.format(new Date(timestamp * 1000))

const shortMoment = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
})

/** Day and time without the year and the seconds, of a moment in seconds since 1970. */
export const formatShortMoment = (timestamp: number) => shortMoment.format(new Date(timestamp * 1000))
