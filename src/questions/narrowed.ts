import { allOf, type Condition, whereOf } from './filter.ts'
import { firstByName } from './first-by-name.ts'
import type { ListenSource } from './listen-source.ts'
import type { Key, PageAsk } from './page-ask.ts'

/** Rows among which a bound for the whole table is looked for. The table is as easily sorted where it has fewer. */
const SAMPLE = 250_000
/** So many rows that pass the filter are soon sorted: looking for a bound would take longer. */
const SOON_SORTED = 1_000_000
/** How many times as many rows as are wanted a likely bound is to leave, tried in turn. */
const MARGINS = [2, 8]

/**
 * Finds a condition that only the rows of a page meet, and those that tie with its last one, so that the engine need
 * not read all columns of all rows to sort them: key and time alone are sorted, and the page's times lead to its rows by
 * the table's own order. The newest (or oldest) rows are sorted first. No row of the page has a key that sorts later than
 * that of the last of these, whatever the rest of the table holds; and where they are a small share of all, hardly any
 * has one that sorts later than that of the first few, which leaves much less to be read. Where few rows pass the filter, none
 * of this is done. Of a page before, key and time alone say what is over; what ties with both is asked for again.
 * @returns null where it would not help, because the table has few rows
 */
export async function narrowed(source: ListenSource, ask: PageAsk): Promise<Condition | null> {
  const recent = await recentRows(source, ask)
  if (recent === null) return null
  const [[passing = 0], begun] = await Promise.all([
    countOf(source, ask, recent.rows),
    tiedWithLast(source, ask),
  ])
  const page = await pageOf(source, { ...ask, rows: ask.rows + begun }, recent, passing)
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

/** The page's keys and times, of the first ones of a share of the table. */
async function pageOf(
  source: ListenSource,
  ask: PageAsk,
  { rows: recent, share }: Recent,
  passing: number,
): Promise<readonly Key[]> {
  if (passing / share <= SOON_SORTED && ask.by !== 'name') return keysOfAll(source, ask)
  const first = await keys(source, ask, `AND ${recent.sql}`, recent.params)
  for (const margin of MARGINS) {
    const likely = first[Math.ceil(ask.rows * share * margin)]
    if (likely === undefined) break
    const page = await keysUpTo(source, ask, likely[0])
    if (page.length >= ask.rows) return page
  }
  const last = first[ask.rows - 1]
  if (last !== undefined) return keysUpTo(source, ask, last[0])
  return (ask.by === 'name' ? await firstByName(source, ask, null) : null) ?? keysOfAll(source, ask)
}

/** The first keys and times that are asked for, or what there is of them, with a key that sorts no later than this one. */
async function keysUpTo(source: ListenSource, ask: PageAsk, value: string | number): Promise<readonly Key[]> {
  const byName = ask.by === 'name' ? await firstByName(source, ask, String(value)) : null
  if (byName !== null) return byName
  const params = { bound_key: value }
  const bound = `{bound_key:${ask.key.type}}`
  // Indexes of keys lead to those before it. Those with this very key may be anywhere, but are in the order of the table, which
  // is read as far as it must be.
  const before = await keys(source, ask, `AND ${ask.key.sql} ${sooner(ask)} ${bound}`, params)
  if (before.length >= ask.rows) return before
  const tied = await keys(source, ask, `AND ${ask.key.sql} = ${bound}`, params, true)
  return [...before, ...tied].slice(0, ask.rows)
}

/** Key and time, in milliseconds since 1970, of the first rows that are asked for. */
function keys(
  source: ListenSource,
  ask: PageAsk,
  among = '',
  params: Condition['params'] = {},
  sameKey = false,
): Promise<Key[]> {
  const { key, order, rows } = ask
  const direction = order === 'asc' ? 'ASC' : 'DESC'
  const where = allOf([ask.where, notOver(ask)])
  return source.rows<[string | number, number]>(
    // The filter first: what it leaves out has its text not looked at.
    (
      from,
    ) => `SELECT ${key.sql} AS sort_key, toUnixTimestamp64Milli(listened_at) ${from(`${where.sql} ${among}`)}
     ORDER BY ${sameKey ? '' : `sort_key ${direction},`} listened_at ${direction} LIMIT ${rows}`,
    { params: { ...where.params, ...params } },
  )
}

const sooner = ({ order }: PageAsk) => (order === 'asc' ? '<' : '>')

/**
 * The same of all rows that pass the filter. What a page before has had stands in the order and not among the conditions, since the
 * engine would look at it, and at the key, of all rows.
 */
async function keysOfAll(source: ListenSource, ask: PageAsk): Promise<readonly Key[]> {
  const { key, order, rows, where } = ask
  const wanted = notOver(ask)
  const found = await source.rows<[string | number, at: number, wanted: number]>(
    (
      from,
    ) => `SELECT ${key.sql} AS sort_key, toUnixTimestamp64Milli(listened_at), toUInt8(${wanted.sql}) AS wanted
     ${from(where.sql)}
     ORDER BY wanted DESC, sort_key ${order}, listened_at ${order} LIMIT ${rows}`,
    { params: { ...where.params, ...wanted.params } },
  )
  return found.filter(([, , wanted]) => wanted === 1).map(([value, at]) => [value, at])
}

/** What a page before has not had, and what ties with its last row. */
function notOver({ after, key, order }: PageAsk): Condition {
  if (after === null) return { sql: '1', params: {} }
  const comparison = order === 'asc' ? '>' : '<'
  const last = `{after_key:${key.type}}`
  return {
    sql: `(${key.sql} ${comparison} ${last} OR (${key.sql} = ${last}
      AND listened_at ${comparison}= fromUnixTimestamp64Milli({after_time:Int64}, 'UTC')))`,
    params: { after_key: after.key, after_time: after.at },
  }
}

/** How many rows tie with the last one of the page before, it included. */
async function tiedWithLast(source: ListenSource, { where, after, key }: PageAsk): Promise<number> {
  if (after === null) return 0
  const [[tied] = [0]] = await source.rows<[number]>(
    (from) =>
      `SELECT count() ${from(`${where.sql} AND ${key.sql} = {after_key:${key.type}}
       AND listened_at = fromUnixTimestamp64Milli({after_time:Int64}, 'UTC')`)}`,
    { params: { ...where.params, after_key: after.key, after_time: after.at } },
  )
  return tied
}

/** How many rows of some pass the filter. */
async function countOf(source: ListenSource, { where }: PageAsk, among: Condition): Promise<[number]> {
  const both = allOf([where, among])
  const [row] = await source.rows<[number]>((from) => `SELECT count() ${from(both.sql)}`, {
    params: both.params,
  })
  return row ?? [0]
}

interface Recent {
  rows: Condition
  /** What share of all they are. */
  share: number
}

/** The newest rows of the range that is asked for, or the oldest, and what share of all they are; null where they are all. */
async function recentRows(source: ListenSource, { filter, order }: PageAsk): Promise<Recent | null> {
  const { from, to } = filter
  const range = whereOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
  const [[all], [cut]] = await Promise.all([
    source.rows<[number]>((from) => `SELECT count() ${from(range.sql)}`, { params: range.params }),
    source.rows<[number]>(
      (from) => `SELECT toUnixTimestamp64Milli(listened_at) ${from(range.sql)}
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
