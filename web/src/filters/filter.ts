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
] as const satisfies readonly (keyof Filter)[]

export type FilterKey = (typeof FILTER_KEYS)[number]

/** Chosen values by filter: any of them within one filter, all filters together. */
export type Filters = Partial<Record<FilterKey, readonly string[]>>

/** The filters whose values come from the listens themselves; the others have a fixed list. */
export type TextFilterKey = 'artist' | 'country' | 'genre' | 'platform' | 'mood'

export const RATINGS = ['5', '4.5', '4', '3.5', '3', '2.5', '2', '1.5', '1', '0.5', '0', 'none'] as const

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
>

const VALUE_OF: Record<FilterKey, (listen: Filterable) => string> = {
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
}

/** Whether the filters let this listen through: the server's rule, for rows that have not come back from it yet. */
export function matches(filters: Filters, listen: Filterable): boolean {
  return FILTER_KEYS.every((key) => {
    const chosen = filters[key]
    return !chosen?.length || chosen.includes(VALUE_OF[key](listen))
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
}
