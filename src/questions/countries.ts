import { countryCode, countryKey } from '../countries/country.ts'
import { fold } from '../listen/fold.ts'
import type { Filter } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'

/** Of more spellings of countries the rarest are each for themselves. */
const MOST_SPELLINGS = 10_000

/** The filter with every spelling in the store of each of its countries, so that `Norway` finds `NOR` as well. */
export async function withSpellings<Asked extends Pick<Filter, 'country'>>(
  source: ListenSource,
  filter: Asked,
): Promise<Asked> {
  const { country = [] } = filter
  if (country.length === 0) return filter
  const stored = await source.rows<[string]>(
    (from) =>
      `SELECT country ${from()} GROUP BY country ORDER BY count() DESC, country LIMIT ${MOST_SPELLINGS}`,
  )
  const wanted = new Set(country.map(countryKey))
  const found = stored.flat().filter((spelling) => wanted.has(countryKey(spelling)))
  return { ...filter, country: [...new Set([...country, ...found])] }
}

/** One country: its most frequent spelling, its ISO code or null, and what was counted of all its spellings. */
export type CountedCountry = [
  spelling: string,
  code: string | null,
  listens: number,
  seconds: number,
  completed: number,
  skipped: number,
]

/**
 * Countries with the most listens or the most listening time, whatever they are called.
 * @param ask what one of its spellings has to contain, folded; empty for anything
 */
export async function askTopCountries(
  source: ListenSource,
  filter: Filter,
  ask: { order: 'listens' | 'seconds'; wanted: string; limit: number },
): Promise<CountedCountry[]> {
  const { sql, params } = counted(filter, ['country'])
  const rows = await source.rows<[string, number, number, number, number]>(
    (from) => `SELECT country, sum(plays) AS listens, sum(heard) AS seconds, sum(finished), sum(left_early)
     FROM ${sql(from)} GROUP BY country ORDER BY ${ask.order} DESC, country LIMIT ${MOST_SPELLINGS}`,
    { params },
  )
  const countries = [...Map.groupBy(rows, ([spelling]) => countryKey(spelling)).values()]
  const found = countries.filter((spellings) => spellings.some(([name]) => fold(name).includes(ask.wanted)))
  const amount = ask.order === 'listens' ? 2 : 3
  return found
    .map(added)
    .toSorted((one, other) => other[amount] - one[amount] || (one[0] < other[0] ? -1 : 1))
    .slice(0, ask.limit)
}

/** The spellings of one country as one. */
function added(spellings: readonly [string, number, number, number, number][]): CountedCountry {
  const [[spelling] = ['']] = spellings
  const sum = (at: 1 | 2 | 3 | 4) => spellings.reduce((total, each) => total + each[at], 0)
  return [spelling, countryCode(spelling), sum(1), sum(2), sum(3), sum(4)]
}
