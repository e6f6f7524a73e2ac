import type { Format } from '../../../src/export/format.ts'
import type { Filters, TextFilterKey } from './filter.ts'
import { PATH, type Place } from './place.ts'
import { momentsBefore, momentsOf, type Range } from './range.ts'
import { DEFAULT_SORT, filterParams, type View, viewParams } from './view-state.ts'
import { ownZone } from './zone.ts'

/** Every address the page asks or shows is built here. */

const PAGE_SIZE = 100
/** The API searches for no more; a longer text cannot be found by more of it anyway. */
const MAX_SEARCH = 200

const withParams = (path: string, params: URLSearchParams) =>
  params.size === 0 ? path : `${path}?${params.toString()}`

/** The page's own address for a view. */
export const pageUrl = (place: Place, view: View) => withParams(PATH[place], viewParams(view))

/** Which listens a view is about: its filters and its range. */
export type Chosen = Pick<View, 'filters' | 'range' | 'zone'>

/** The filters as the API takes them: with the zone, where a filter goes by the clock. */
function askedParams(filters: Filters, zone = ownZone()): URLSearchParams {
  const params = filterParams(filters)
  if (filters.weekday || filters.hour) params.set('zone', zone)
  return params
}

function chosenParams({ filters, range, zone }: Chosen): URLSearchParams {
  const params = askedParams(filters, zone)
  if (range !== undefined) setMoments(params, range, zone)
  return params
}

function setMoments(params: URLSearchParams, range: Range, zone = ownZone()): void {
  setTimes(params, momentsOf(range, zone, Date.now()))
}

function setTimes(params: URLSearchParams, { from, to }: { from?: number; to?: number }): void {
  if (from !== undefined) params.set('from', new Date(from).toISOString())
  if (to !== undefined) params.set('to', new Date(to).toISOString())
}

export function listensUrl(view: View, cursor: string | null): string {
  const params = chosenParams(view)
  if (view.sort !== DEFAULT_SORT) params.set('sort', view.sort)
  if (view.order !== 'desc') params.set('order', view.order)
  params.set('limit', String(PAGE_SIZE))
  if (cursor !== null) params.set('cursor', cursor)
  return withParams('/api/listens', params)
}

export type ExportFormat = Format

/** All listens of a view as a file. */
export function exportUrl({ filters, range, zone }: View, format: ExportFormat): string {
  const params = chosenParams({ filters, range, zone })
  params.set('format', format)
  return withParams('/api/export', params)
}

export const addListenUrl = () => '/api/listens'

/** The questions that `/api/stats` answers. */
export type Question =
  | 'totals'
  | 'top'
  | 'over-time'
  | 'drop-off'
  | 'hours'
  | 'mood-genre'
  | 'ratings'
  | 'now'

/** A question about what a page has chosen; `before` asks it about the period before. Null where there is none. */
export function questionUrl(
  question: Question,
  chosen: Chosen,
  more: Readonly<Record<string, string>>,
  before: boolean,
): string | null {
  const params = askedParams(chosen.filters, chosen.zone)
  const { range, zone = ownZone() } = chosen
  if (before) {
    const moments = range === undefined ? undefined : momentsBefore(range, zone, Date.now())
    if (moments === undefined) return null
    setTimes(params, moments)
  } else if (range !== undefined) setMoments(params, range, zone)
  for (const [name, value] of Object.entries(more)) params.set(name, value)
  return withParams(`/api/stats/${question}`, params)
}

export const liveUrl = (chosen: Chosen) => withParams('/api/live', chosenParams(chosen))

export const totalsUrl = (chosen: Chosen) => withParams('/api/stats/totals', chosenParams(chosen))

export function topUrl(
  by: TextFilterKey | 'user',
  search: string,
  limit: number,
  filters: Filters = {},
  zone?: string,
): string {
  const params = askedParams(filters, zone)
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

export const pipelineUrl = () => '/api/pipeline'

/** @param from milliseconds since 1970 */
export const throughputUrl = (from: number) =>
  withParams('/api/stats/throughput', new URLSearchParams({ from: new Date(from).toISOString() }))

export const pipelinePageUrl = (span: string | undefined) =>
  withParams('/pipeline', new URLSearchParams(span === undefined ? {} : { span }))

export function deadLettersUrl(reason: string | undefined, cursor: string | null): string {
  const params = new URLSearchParams({ limit: '50' })
  if (reason !== undefined) params.set('reason', reason)
  if (cursor !== null) params.set('cursor', cursor)
  return withParams('/api/dead-letters', params)
}

export const deadLetterActionUrl = (action: 'redrive' | 'drop') => `/api/dead-letters/${action}`

export const deadLetterUrl = (id: string) => `/api/dead-letters/${encodeURIComponent(id)}`

export const simulatorUrl = () => '/api/simulator'

export const systemsUrl = () => '/api/systems'

export const readinessUrl = () => '/readyz'

export const addSongUrl = () => '/api/catalogue'

export const openApiUrl = () => '/api/openapi.json'

export const apiDocsUrl = () => '/api/docs'
