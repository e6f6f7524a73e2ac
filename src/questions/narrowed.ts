import type { Store } from '../store/store.ts'
import { type Condition, type Filter, whereOf } from './filter.ts'

/** Rows among which a bound for the whole table is looked for. The table is as easily sorted where it has fewer. */
const SAMPLE = 1_000_000

/** What a page of the table asks for. */
export interface PageAsk {
  filter: Filter
  /** What the rows have to meet, the filter included. */
  where: Condition
  /** What is sorted by: an expression over `listens`, and its type as a parameter. */
  key: { sql: string; type: string }
  order: 'asc' | 'desc'
  /** Rows that are wanted. */
  rows: number
}

/**
 * Finds a condition that only the rows of a page meet, and those that tie with its last one, so that the engine need
 * not read all columns of all rows to sort them: key and time alone are sorted, and the page's times lead to its rows by
 * the table's own order. The newest (or oldest) rows are sorted first: where as many of them as are wanted meet the filter, they
 * bound the page from behind, whatever the rest of the table holds.
 * @returns null where it would not help: the table has few rows, or none meet the filter
 */
export async function narrowed(store: Store, ask: PageAsk): Promise<Condition | null> {
  const recent = await recentRows(store, ask)
  if (recent === null) return null
  const [bound] = (await keys(store, ask, recent)).slice(ask.rows - 1)
  const page = await keys(store, ask, bound === undefined ? null : upTo(bound, ask))
  const last = page.at(-1)
  if (last === undefined) return null
  const within = upTo(last, ask)
  return {
    sql: `listened_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({page_times:Array(Int64)}), 'UTC')) AND ${within.sql}`,
    params: { ...within.params, page_times: [...new Set(page.map(([, at]) => at))] },
  }
}

/** Key and time, in milliseconds since 1970, of the first rows that are asked for, among those that meet a condition. */
function keys(store: Store, { key, order, rows, where }: PageAsk, among: Condition | null) {
  const direction = order === 'asc' ? 'ASC' : 'DESC'
  return store.rows<[string | number, number]>(
    `SELECT ${key.sql} AS sort_key, toUnixTimestamp64Milli(listened_at) FROM listens
     WHERE ${among === null ? '' : `${among.sql} AND`} ${where.sql}
     ORDER BY sort_key ${direction}, listened_at ${direction} LIMIT ${rows}`,
    { params: { ...where.params, ...among?.params } },
  )
}

/** The newest rows of the range that is asked for, or the oldest; null where the range holds no more than those. */
async function recentRows(store: Store, { filter, order }: PageAsk): Promise<Condition | null> {
  const { from, to } = filter
  const range = whereOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
  const [cut] = await store.rows<[number]>(
    `SELECT toUnixTimestamp64Milli(listened_at) FROM listens WHERE ${range.sql}
     ORDER BY listened_at ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT 1 OFFSET ${SAMPLE}`,
    { params: range.params },
  )
  if (cut === undefined) return null
  return {
    sql: `listened_at ${order === 'asc' ? '<=' : '>='} fromUnixTimestamp64Milli({recent:Int64}, 'UTC')`,
    params: { recent: cut[0] },
  }
}

/** Rows that sort no later than one with this key and time. */
function upTo([value, at]: readonly [string | number, number], { key, order }: PageAsk): Condition {
  const sooner = order === 'asc' ? '<' : '>'
  const bound = `{bound_key:${key.type}}`
  return {
    // The plain comparison stands by itself, so that time is read only where it holds.
    sql: `${key.sql} ${sooner}= ${bound} AND (${key.sql} ${sooner} ${bound}
      OR listened_at ${sooner}= fromUnixTimestamp64Milli({bound_time:Int64}, 'UTC'))`,
    params: { bound_key: value, bound_time: at },
  }
}
