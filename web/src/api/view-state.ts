import type { Sort as ServerSort } from '../../../src/questions/listens.ts'
import { FILTER_KEYS, type Filters, RATINGS } from '../filters/filter.ts'

/** What the table can be sorted by, of all that the API can sort by. */
export const SORTS = [
  'timestamp',
  'name',
  'title',
  'artist',
  'genre',
  'platform',
  'city',
  'country',
  'mood',
  'duration_seconds',
  'listen_position',
  'percent_listened',
  'completed',
  'is_skipped',
  'rating',
] as const satisfies readonly ServerSort[]

export type Sort = (typeof SORTS)[number]
export type Order = 'asc' | 'desc'

/** Everything that decides which listens are shown, and in which order: exactly what the page's address keeps. */
export interface View {
  filters: Filters
  sort: Sort
  order: Order
}

export const DEFAULT_SORT: Sort = 'timestamp'

/** Only newest first can grow at the top row by row; every other order has to be asked for again. */
export function isNewestFirst(view: Pick<View, 'sort' | 'order'>): boolean {
  return view.sort === 'timestamp' && view.order === 'desc'
}

const allowed: Partial<Record<keyof Filters, readonly string[]>> = {
  rating: RATINGS,
  skipped: ['true', 'false'],
  completed: ['true', 'false'],
}

/** Reads a view from an address; what the page does not know is left out, so an old link still opens. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search)
  const filters: Filters = {}
  for (const key of FILTER_KEYS) {
    const values = [...new Set(params.getAll(key))].filter(
      (value) => value !== '' && (allowed[key]?.includes(value) ?? true),
    )
    if (values.length > 0) filters[key] = values
  }
  const sort = SORTS.find((name) => name === params.get('sort')) ?? DEFAULT_SORT
  return { filters, sort, order: params.get('order') === 'asc' ? 'asc' : 'desc' }
}

export function filterParams(filters: Filters): URLSearchParams {
  const params = new URLSearchParams()
  for (const key of FILTER_KEYS) for (const value of filters[key] ?? []) params.append(key, value)
  return params
}

/** The parameters of a view, without what is the default: the shortest address that means the same. */
export function viewParams(view: View): URLSearchParams {
  const params = filterParams(view.filters)
  if (view.sort !== DEFAULT_SORT) params.set('sort', view.sort)
  if (view.order !== 'desc') params.set('order', view.order)
  return params
}
