import {
  FIELDS,
  TRUTH_FIELDS,
  type TruthRow,
  VALUES_FIELDS,
  type ValuesRow,
} from '../../../src/listen/fields.ts'
import type { ListenFilter } from '../../../src/listen/match.ts'

/** What the page can filter by, by the names the API and the page's own address use. */
export type FilterKey =
  | (ValuesRow | TruthRow)['filter']['name']
  | 'user'
  | 'rating'
  | 'percent_from'
  | 'percent_to'
  | 'weekday'
  | 'hour'

const TRUTH_KEYS = TRUTH_FIELDS.map(({ filter }) => filter.name)

export const FILTER_KEYS: readonly FilterKey[] = [
  ...VALUES_FIELDS.map(({ filter }) => filter.name),
  'user',
  'rating',
  ...TRUTH_KEYS,
  'percent_from',
  'percent_to',
  'weekday',
  'hour',
]

/** The filters with a control in the bar. */
export const IN_BAR: readonly FilterKey[] = [
  'artist',
  'country',
  'genre',
  'platform',
  'mood',
  'rating',
  'skipped',
  'completed',
]

/** The other texts that can be filtered by, each with a control under "More". */
export const UNDER_MORE: readonly TextFilterKey[] = VALUES_FIELDS.map(({ filter }) => filter.name).filter(
  (name) => !IN_BAR.includes(name),
)

/** Chosen values by filter: any of them within one filter, all filters together. */
export type Filters = Partial<Record<FilterKey, readonly string[]>>

/** The filters whose values come from the listens themselves; the others have a fixed list. */
export type TextFilterKey = ValuesRow['filter']['name']

export const RATINGS = ['5', '4.5', '4', '3.5', '3', '2.5', '2', '1.5', '1', '0.5', '0', 'none'] as const

const wholeNumbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String(from + at))

/** The filters with a fixed list of values; an address that names another is not understood. */
export const VALUES: Partial<Record<FilterKey, readonly string[]>> = {
  rating: RATINGS,
  ...Object.fromEntries(TRUTH_KEYS.map((key) => [key, ['true', 'false']])),
  percent_from: wholeNumbers(0, 100),
  percent_to: wholeNumbers(0, 100),
  weekday: wholeNumbers(1, 7),
  hour: wholeNumbers(0, 23),
}

/** The filters that take one value and no more. */
export const SINGLE: readonly FilterKey[] = ['percent_from', 'percent_to']

/** The filters as {@link ListenFilter}, by which server and page decide on a listen. */
export function listenFilter(filters: Filters, zone: string): ListenFilter {
  const { percent_from, percent_to, weekday = [], hour = [], ...others } = filters
  return {
    ...others,
    ...(percent_from === undefined ? {} : { percent_from: Number(percent_from[0]) }),
    ...(percent_to === undefined ? {} : { percent_to: Number(percent_to[0]) }),
    weekday: weekday.map(Number),
    hour: hour.map(Number),
    zone,
  }
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

export const FILTER_NAME = {
  ...Object.fromEntries(
    FIELDS.flatMap((field) => ('filter' in field ? [[field.filter.name, field.label]] : [])),
  ),
  title: 'Song',
  user: 'Listener',
  percent_from: 'Heard from',
  percent_to: 'Left before',
  weekday: 'Weekday',
  hour: 'Hour',
} as Readonly<Record<FilterKey, string>>
