import { zonedHour } from '../calendar/clock.ts'
import { parseMoment } from '../calendar/moment.ts'
import {
  type ObjectOf,
  type Row,
  readerOf,
  TRUTH_FIELDS,
  type TruthRow,
  VALUES_FIELDS,
  type ValuesRow,
} from './fields.ts'

/** Which listens are wanted: any of the values within one filter, all filters together. */
export type ListenFilter = {
  readonly [R in ValuesRow | TruthRow as R['filter']['name']]?: readonly string[]
} & {
  /** Listeners, by id or name. */
  readonly user?: readonly string[]
  /** Stars from 0 to 5 in halves, or `none`. */
  readonly rating?: readonly string[]
  /** Percent of the track: from the first, and below the second. */
  readonly percent_from?: number
  readonly percent_to?: number
  /** Times as {@link parseMoment} reads them: from the first, and before the second. */
  readonly from?: string
  readonly to?: string
  /** By the clock of the zone: 1 is Monday, and hours are from 0 to 23. */
  readonly weekday?: readonly number[]
  readonly hour?: readonly number[]
  readonly zone?: string
}

/** What a filter looks at. */
export type Filterable = Omit<ObjectOf<Row>, 'user_id' | 'email' | 'track_id'> & { readonly user_id?: string }

type Test = (listen: Filterable) => boolean

/** What has to be equal for two values of a filter to be the same one, where that is not the text itself. */
export type Keys = { readonly [R in ValuesRow as R['filter']['name']]?: (value: string) => string }

/**
 * Makes the test for a filter, for rows that do not come from a question of the store: the live feed, and the page's
 * own. It has the rules of `whereOf` in `questions/filter.ts`.
 */
export function matchOf(filter: ListenFilter, keys: Keys = {}): Test {
  const tests = [...fieldTests(filter, keys), ...specialTests(filter)]
  return (listen) => tests.every((test) => test(listen))
}

function fieldTests(filter: ListenFilter, keys: Keys): Test[] {
  return [...VALUES_FIELDS, ...TRUTH_FIELDS].flatMap((field) => {
    const key = (field.kind === 'boolean' ? undefined : keys[field.filter.name]) ?? String
    const wanted = new Set((filter[field.filter.name] ?? []).map(key))
    const read = readerOf(field)
    return wanted.size === 0 ? [] : [(listen: Filterable) => wanted.has(key(String(read(listen))))]
  })
}

function specialTests(filter: ListenFilter): Test[] {
  const { user = [], rating = [], percent_from: least, percent_to: most, weekday = [], hour = [] } = filter
  const from = filter.from === undefined ? null : parseMoment(filter.from)
  const to = filter.to === undefined ? null : parseMoment(filter.to)
  const stars = rating.map((value) => (value === 'none' ? null : Number(value)))
  const clockOf = (listen: Filterable) => zonedHour(playedAt(listen), filter.zone ?? 'UTC')
  const tests: (Test | false)[] = [
    user.length > 0 && (({ user_id, name }) => user.includes(name) || user.includes(user_id ?? name)),
    stars.length > 0 && (({ rating: given }) => stars.includes(given)),
    least !== undefined && (({ percent_listened: percent }) => percent >= least),
    most !== undefined && (({ percent_listened: percent }) => percent < most),
    from !== null && ((listen) => playedAt(listen) >= from),
    to !== null && ((listen) => playedAt(listen) < to),
    weekday.length > 0 && ((listen) => weekday.includes(clockOf(listen).weekday)),
    hour.length > 0 && ((listen) => hour.includes(clockOf(listen).hour)),
  ]
  return tests.filter((test) => test !== false)
}

/** Milliseconds since 1970, as exact as the store. */
function playedAt({ timestamp }: Filterable): number {
  return Math.round(timestamp * 1000)
}
