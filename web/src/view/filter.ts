import { zonedHour } from '../../../src/calendar/clock.ts'
import type { StoredListen } from '../../../src/listen/stored.ts'
import type { Filter } from '../../../src/questions/filter.ts'

/** What the page can filter by, by the names the API and the page's own address use. */
export const FILTER_KEYS = [
  'title',
  'artist',
  'country',
  'city',
  'genre',
  'platform',
  'mood',
  'user',
  'rating',
  'skipped',
  'completed',
  'percent_from',
  'percent_to',
  'weekday',
  'hour',
] as const satisfies readonly (keyof Filter)[]

export type FilterKey = (typeof FILTER_KEYS)[number]

/** Chosen values by filter: any of them within one filter, all filters together. */
export type Filters = Partial<Record<FilterKey, readonly string[]>>

/** The filters whose values come from the listens themselves; the others have a fixed list. */
export type TextFilterKey = 'artist' | 'country' | 'genre' | 'platform' | 'mood'

export const RATINGS = ['5', '4.5', '4', '3.5', '3', '2.5', '2', '1.5', '1', '0.5', '0', 'none'] as const

const wholeNumbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String(from + at))

/** The filters with a fixed list of values; an address that names another is not understood. */
export const VALUES: Partial<Record<FilterKey, readonly string[]>> = {
  rating: RATINGS,
  skipped: ['true', 'false'],
  completed: ['true', 'false'],
  percent_from: wholeNumbers(0, 100),
  percent_to: wholeNumbers(0, 100),
  weekday: wholeNumbers(1, 7),
  hour: wholeNumbers(0, 23),
}

/** The filters that take one value and no more. */
export const SINGLE: readonly FilterKey[] = ['percent_from', 'percent_to']

/** What can be told about a listen before it is stored. */
export type Filterable = Pick<
  StoredListen,
  | 'name'
  | 'title'
  | 'artist'
  | 'genre'
  | 'platform'
  | 'mood'
  | 'location'
  | 'rating'
  | 'is_skipped'
  | 'completed'
  | 'percent_listened'
  | 'timestamp'
>

const VALUE_OF: Record<
  Exclude<FilterKey, 'percent_from' | 'percent_to'>,
  (listen: Filterable, zone: string) => string
> = {
  title: (listen) => listen.title,
  artist: (listen) => listen.artist,
  country: (listen) => listen.location.country,
  city: (listen) => listen.location.city,
  genre: (listen) => listen.genre,
  platform: (listen) => listen.platform,
  mood: (listen) => listen.mood,
  // The server knows listeners by their id as well.
  user: (listen) => listen.name,
  rating: (listen) => (listen.rating === null ? 'none' : String(listen.rating)),
  skipped: (listen) => String(listen.is_skipped),
  completed: (listen) => String(listen.completed),
  weekday: ({ timestamp }, zone) => String(zonedHour(timestamp * 1000, zone).weekday),
  hour: ({ timestamp }, zone) => String(zonedHour(timestamp * 1000, zone).hour),
}

/** Whether the filters let this listen through: the server's rule, for rows that have not come back from it yet. */
export function matches(filters: Filters, listen: Filterable, zone: string): boolean {
  return FILTER_KEYS.every((key) => {
    const chosen = filters[key]
    if (!chosen?.length) return true
    if (key === 'percent_from') return listen.percent_listened >= Number(chosen[0])
    if (key === 'percent_to') return listen.percent_listened < Number(chosen[0])
    return chosen.includes(VALUE_OF[key](listen, zone))
  })
}

export function countChosen(filters: Filters): number {
  return FILTER_KEYS.reduce((sum, key) => sum + (filters[key]?.length ?? 0), 0)
}

/** The filters with one more value of a filter let through; without it where it was chosen already. */
export function withValue(filters: Filters, key: FilterKey, value: string): Filters {
  const chosen = filters[key] ?? []
  return withChosen(
    filters,
    key,
    chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
  )
}

/**
 * The filters with these values and no others of their filters, as a mark that stands for several things at once asks
 * for; without them where just these were chosen already.
 */
export function withOnly(filters: Filters, values: Partial<Record<FilterKey, string | undefined>>): Filters {
  const asked = Object.entries(values) as [FilterKey, string | undefined][]
  const already = asked.every(([key, value]) => (filters[key] ?? []).join('\n') === (value ?? ''))
  return asked.reduce(
    (sum, [key, value]) => withChosen(sum, key, already || value === undefined ? [] : [value]),
    filters,
  )
}

/** The filters with other values of one filter. */
export function withChosen(filters: Filters, key: FilterKey, chosen: readonly string[]): Filters {
  const { [key]: _before, ...others } = filters
  return chosen.length === 0 ? others : { ...others, [key]: chosen }
}

export const FILTER_NAME: Record<FilterKey, string> = {
  title: 'Song',
  artist: 'Artist',
  country: 'Country',
  city: 'City',
  genre: 'Genre',
  platform: 'Platform',
  mood: 'Mood',
  user: 'Listener',
  rating: 'Rating',
  skipped: 'Skipped',
  completed: 'Completed',
  percent_from: 'Heard from',
  percent_to: 'Left before',
  weekday: 'Weekday',
  hour: 'Hour',
}
