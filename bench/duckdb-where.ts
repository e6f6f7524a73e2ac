import { parseMoment } from '../src/calendar/moment.ts'
import type { Filter } from '../src/questions/filter.ts'

const text = (value: string) => `'${value.replaceAll("'", "''")}'`
const any = (column: string, values: readonly string[]) => `${column} IN (${values.map(text).join(', ')})`

/** A filter as DuckDB's SQL, by the rules of {@link whereOf}. Only for filters of the benchmark. */
export function duckdbWhere(filter: Filter): string {
  const parts: string[] = []
  for (const column of ['title', 'artist', 'genre', 'platform', 'country', 'city', 'mood'] as const)
    if (filter[column] !== undefined) parts.push(any(column, filter[column]))
  if (filter.user !== undefined) parts.push(`(${any('user_id', filter.user)} OR ${any('name', filter.user)})`)
  if (filter.rating !== undefined)
    parts.push(
      `coalesce(rating, -1) IN (${filter.rating.map((stars) => (stars === 'none' ? -1 : Number(stars))).join(', ')})`,
    )
  if (filter.skipped !== undefined) parts.push(`is_skipped = ${filter.skipped[0]}`)
  if (filter.completed !== undefined) parts.push(`completed = ${filter.completed[0]}`)
  const moment = (at: string) => `make_timestamptz(${(parseMoment(at) ?? 0) * 1000})`
  if (filter.from !== undefined) parts.push(`listened_at >= ${moment(filter.from)}`)
  if (filter.to !== undefined) parts.push(`listened_at < ${moment(filter.to)}`)
  return parts.length === 0 ? 'true' : parts.join(' AND ')
}
