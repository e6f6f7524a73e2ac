import { canonicalZone } from '../../../src/calendar/zone.ts'
import { type NameOf, nameOf, SORT_FIELDS, type SortRow } from '../../../src/listen/fields.ts'
import { FILTER_KEYS, type Filters, SINGLE, VALUES } from './filter.ts'
import { parseRange, type Range, setRange } from './range.ts'

export type Sort = NameOf<SortRow>

/** What the table can be sorted by, and so its columns: the time first, then in the order of the topic. */
export const SORTS: readonly Sort[] = [
  'timestamp',
  ...SORT_FIELDS.map(nameOf<SortRow>).filter((name) => name !== 'timestamp'),
]

export const SORT_NAME = Object.fromEntries(
  SORT_FIELDS.map((field) => [nameOf(field), field.label]),
) as Readonly<Record<Sort, string>>

export type Order = 'asc' | 'desc'

/** What is counted: plays, or the time that was listened. */
export const MEASURES = ['plays', 'time'] as const
export type Measure = (typeof MEASURES)[number]

/** What plays over time can be stacked by. */
export const STACKS = ['none', 'platform', 'genre', 'mood'] as const
export type Stack = (typeof STACKS)[number]

/** Everything that decides what is shown, and how: exactly what the page's address keeps. */
export interface View {
  filters: Filters
  sort: Sort
  order: Order
  /** Undefined is the default of each page: everything in the table, a week in what is worked out. */
  range: Range | undefined
  /** Beside the period before. */
  compare: boolean
  /** Time zone of days and hours; undefined is the viewer's own. */
  zone: string | undefined
  measure: Measure
  stack: Stack
  /** The one or two things whose drop-off is compared, such as `genre:Pop`. */
  versus: readonly string[]
}

export const DEFAULT_SORT: Sort = 'timestamp'
const MOST_VERSUS = 2

/** Only newest first can grow at the top row by row; every other order has to be asked for again. */
export function isNewestFirst(view: Pick<View, 'sort' | 'order'>): boolean {
  return view.sort === 'timestamp' && view.order === 'desc'
}

const oneOf = <Name extends string>(names: readonly Name[], text: string | null): Name | undefined =>
  names.find((name) => name === text)

/** Reads a view from an address; what the page does not know is left out, so an old link still opens. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search)
  const filters: Filters = {}
  for (const key of FILTER_KEYS) {
    const values = [...new Set(params.getAll(key))].filter(
      (value) => value !== '' && (VALUES[key]?.includes(value) ?? true),
    )
    if (values.length > 0) filters[key] = SINGLE.includes(key) ? values.slice(0, 1) : values
  }
  return {
    filters,
    sort: oneOf(SORTS, params.get('sort')) ?? DEFAULT_SORT,
    order: params.get('order') === 'asc' ? 'asc' : 'desc',
    range: parseRange(params),
    compare: params.get('compare') !== 'no',
    zone: canonicalZone(params.get('zone') ?? '') ?? undefined,
    measure: oneOf(MEASURES, params.get('measure')) ?? 'plays',
    stack: oneOf(STACKS, params.get('stack')) ?? 'none',
    versus: params
      .getAll('versus')
      .filter((thing) => /^\w+:./.test(thing))
      .slice(0, MOST_VERSUS),
  }
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
  setRange(params, view.range)
  if (!view.compare) params.set('compare', 'no')
  if (view.zone !== undefined) params.set('zone', view.zone)
  if (view.measure !== 'plays') params.set('measure', view.measure)
  if (view.stack !== 'none') params.set('stack', view.stack)
  for (const thing of view.versus) params.append('versus', thing)
  return params
}

/** The view without the song or artist that it is about. */
export function aboutNothing(view: View): View {
  const { title: _title, artist: _artist, ...filters } = view.filters
  return { ...view, filters }
}
