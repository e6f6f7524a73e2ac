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
