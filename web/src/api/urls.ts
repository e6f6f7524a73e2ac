import type { Filters, TextFilterKey } from '../filters/filter.ts'
import { filterParams, type View, viewParams } from './view-state.ts'

/** Every address the page asks or shows is built here. */

const PAGE_SIZE = 100
/** The API searches for no more; a longer text cannot be found by more of it anyway. */
const MAX_SEARCH = 200

const withParams = (path: string, params: URLSearchParams) =>
  params.size === 0 ? path : `${path}?${params.toString()}`

/** The page's own address for a view. */
export const pageUrl = (view: View) => withParams('/', viewParams(view))

export function listensUrl(view: View, cursor: string | null): string {
  const params = viewParams(view)
  params.set('limit', String(PAGE_SIZE))
  if (cursor !== null) params.set('cursor', cursor)
  return withParams('/api/listens', params)
}

export const addListenUrl = () => '/api/listens'

export const liveUrl = (filters: Filters) => withParams('/api/live', filterParams(filters))

export const totalsUrl = (filters: Filters) => withParams('/api/stats/totals', filterParams(filters))

export function topUrl(
  by: TextFilterKey | 'city',
  search: string,
  limit: number,
  filters: Filters = {},
): string {
  const params = filterParams(filters)
  params.set('by', by)
  params.set('limit', String(limit))
  if (search !== '') params.set('search', search.slice(0, MAX_SEARCH))
  return withParams('/api/stats/top', params)
}

export function catalogueUrl(search: string, limit: number): string {
  const params = new URLSearchParams({ limit: String(limit) })
  if (search !== '') params.set('search', search.slice(0, MAX_SEARCH))
  return withParams('/api/catalogue', params)
}

export const readinessUrl = () => '/readyz'

export const apiDocsUrl = () => '/api/docs'
