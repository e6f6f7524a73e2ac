import type { Store } from '../store/store.ts'
import { allOf, type Condition, type Filter, whereOf } from './filter.ts'
import { firstByName } from './names-first.ts'

/** Rows among which a bound for the whole table is looked for. The table is as easily sorted where it has fewer. */
const SAMPLE = 250_000
/** How many times as many rows as are wanted a likely bound is to leave, tried in turn. */
const MARGINS = [2, 8]

/** What a page of the table asks for. */
export interface PageAsk {
  filter: Filter
  /** What the rows have to meet, the filter included. */
  where: Condition
  /** The last row of the page before: its key, what comes after it, and of rows with its key what comes after it. */
  after: { key: string | number; condition: Condition; place: Condition } | null
  /** Name of what is sorted by. */
  by: string
  /** What is sorted by: an expression over `listens`, and its type as a parameter. */
  key: { sql: string; type: string }
  order: 'asc' | 'desc'
  /** Rows that are wanted. */
  rows: number
}

/**
 * Finds a condition that only the rows of a page meet, and those that tie with its last one, so that the engine need
 * not read all columns of all rows to sort them: key and time alone are sorted, and the page's times lead to its rows by
 * the table's own order. The newest (or oldest) rows are sorted first. No row of the page has a key that sorts later than
 * that of the last of these, whatever the rest of the table holds; and where they are a small share of all, hardly any
 * has one that sorts later than that of the first few, which leaves much less to be read.
 * @returns null where it would not help, because the table has few rows
 */
export async function narrowed(store: Store, ask: PageAsk): Promise<Condition | null> {
  const recent = await recentRows(store, ask)
  if (recent === null) return null
  const first = await keys(store, ask, `AND ${recent.rows.sql}`, recent.rows.params)
  const page = await pageOf(store, ask, first, recent.share)
  const last = page.at(-1)
  if (last === undefined) return NOTHING
  const before = sooner(ask)
  const bound = `{bound_key:${ask.key.type}}`
  return {
    sql: `listened_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({page_times:Array(Int64)}), 'UTC'))
      AND (${ask.key.sql} ${before} ${bound} OR (${ask.key.sql} = ${bound}
        AND listened_at ${before}= fromUnixTimestamp64Milli({bound_time:Int64}, 'UTC')))`,
    params: { bound_key: last[0], bound_time: last[1], page_times: [...new Set(page.map(([, at]) => at))] },
  }
}

/** No row meets the filter, which need not be found out again. */
const NOTHING: Condition = { sql: '0', params: {} }

export type Key = readonly [value: string | number, at: number]

/** The page's keys and times, of the first ones of a share of the table. */
async function pageOf(
  store: Store,
  ask: PageAsk,
  first: readonly Key[],
  share: number,
): Promise<readonly Key[]> {
  for (const margin of MARGINS) {
    const likely = first[Math.ceil(ask.rows * share * margin)]
    if (likely === undefined) break
    const page = await keysUpTo(store, ask, likely[0])
    if (page.length >= ask.rows) return page
  }
  const last = first[ask.rows - 1]
  if (last !== undefined) return keysUpTo(store, ask, last[0])
  return (ask.by === 'name' ? await firstByName(store, ask, null) : null) ?? keys(store, ask)
}

/** The first keys and times that are asked for, or what there is of them, with a key that sorts no later than this one. */
async function keysUpTo(store: Store, ask: PageAsk, value: string | number): Promise<readonly Key[]> {
  const byName = ask.by === 'name' ? await firstByName(store, ask, String(value)) : null
  if (byName !== null) return byName
  const params = { bound_key: value }
  const bound = `{bound_key:${ask.key.type}}`
  // Indexes of keys lead to those before it. Those with this very key may be anywhere, but are in the order of the table, which
  // is read as far as it must be.
  const before = await keys(store, ask, `AND ${ask.key.sql} ${sooner(ask)} ${bound}`, params)
  if (before.length >= ask.rows) return before
  const tied = await keys(store, ask, `AND ${ask.key.sql} = ${bound}`, params, true)
  return [...before, ...tied].slice(0, ask.rows)
}

/** Key and time, in milliseconds since 1970, of the first rows that are asked for. */
function keys(
  store: Store,
  { key, order, rows, where: all, after }: PageAsk,
  among = '',
  params: Condition['params'] = {},
  sameKey = false,
): Promise<Key[]> {
  const direction = order === 'asc' ? 'ASC' : 'DESC'
  const where = after === null ? all : allOf([all, after.condition])
  return store.rows<[string | number, number]>(
    // The filter first: what it leaves out has its text not looked at.
    `SELECT ${key.sql} AS sort_key, toUnixTimestamp64Milli(listened_at) FROM listens WHERE ${where.sql} ${among}
     ORDER BY ${sameKey ? '' : `sort_key ${direction},`} listened_at ${direction} LIMIT ${rows}`,
    { params: { ...where.params, ...params } },
  )
}

const sooner = ({ order }: PageAsk) => (order === 'asc' ? '<' : '>')

/** The newest rows of the range that is asked for, or the oldest, and what share of all they are; null where they are all. */
async function recentRows(
  store: Store,
  { filter, order }: PageAsk,
): Promise<{ rows: Condition; share: number } | null> {
  const { from, to } = filter
  const range = whereOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
  const [[all], [cut]] = await Promise.all([
    store.rows<[number]>(`SELECT count() FROM listens WHERE ${range.sql}`, { params: range.params }),
    store.rows<[number]>(
      `SELECT toUnixTimestamp64Milli(listened_at) FROM listens WHERE ${range.sql}
       ORDER BY listened_at ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT 1 OFFSET ${SAMPLE}`,
      { params: range.params },
    ),
  ])
  if (all === undefined || cut === undefined) return null
  return {
    rows: {
      sql: `listened_at ${order === 'asc' ? '<=' : '>='} fromUnixTimestamp64Milli({recent:Int64}, 'UTC')`,
      params: { recent: cut[0] },
    },
    share: SAMPLE / all[0],
  }
}
