/** Numbers as the viewer's own locale writes them. */

const LOCALE = undefined
const count = new Intl.NumberFormat(LOCALE)
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 })
const hours = new Intl.NumberFormat(LOCALE, { style: 'unit', unit: 'hour', maximumFractionDigits: 0 })
const minutes = new Intl.NumberFormat(LOCALE, { style: 'unit', unit: 'minute', maximumFractionDigits: 0 })
const rating = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 })
// The words of the page are English, so its plural rules are too, whatever the locale of its numbers.
const plural = new Intl.PluralRules('en')

export const formatCount = (value: number) => count.format(value)

export const formatRating = (value: number) => rating.format(value)

/** A share from 0 to 1 as per cent; a little is never shown as nothing, nor almost all as all. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return percent.format(0.01)
  if (share < 1 && share > 0.99) return percent.format(0.99)
  return percent.format(share)
}

export function formatListeningTime(seconds: number): string {
  return seconds < 2 * 3600 ? minutes.format(seconds / 60) : hours.format(seconds / 3600)
}

export const pluralise = (value: number, one: string, other: string) =>
  plural.select(value) === 'one' ? one : other

export const formatNewListens = (value: number) =>
  `${formatCount(value)} new ${pluralise(value, 'listen', 'listens')}`

const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })
const oneDecimal = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 })
const hoursExactly = new Intl.NumberFormat(LOCALE, { style: 'unit', unit: 'hour', maximumFractionDigits: 1 })
const percentExactly = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 })
const change = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
})

/** A count with few digits, where there is room for no more. */
export const formatCompact = (value: number) => compact.format(value)

/** A rate, with a decimal where it is small. */
export const formatRate = (value: number) => (value < 10 ? oneDecimal : count).format(value)

export const formatHours = (value: number) => hoursExactly.format(value)

/** A share with a decimal, where small differences count. */
export const formatExactShare = (share: number) => percentExactly.format(share)

/** How much more or less than before; undefined where there was nothing before. */
export const formatChange = (now: number, before: number): string | undefined =>
  before === 0 ? undefined : change.format(now / before - 1)

export const formatSeconds = (value: number) =>
  new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit: value < 1 ? 'millisecond' : 'second',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && value >= 1 ? 1 : 0,
  }).format(value < 1 ? value * 1000 : value)

const average = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const formatAverage = (value: number) => average.format(value)

const points = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })

/** The difference of two shares, in percentage points. */
export const formatPoints = (difference: number) => `${points.format(difference * 100)} pp`

/** Seconds as whole minutes, without the word. */
export const formatMinutes = (seconds: number) => count.format(Math.round(seconds / 60))

const megabytes = new Intl.NumberFormat(LOCALE, {
  style: 'unit',
  unit: 'megabyte',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})

export const formatMegabytes = (bytes: number) => megabytes.format(bytes / 1e6)
