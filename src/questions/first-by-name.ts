import type { Condition } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import type { Key, PageAsk } from './page-ask.ts'

/** Names whose listens are looked for at once: so many numbers still make a short statement. */
const MOST_NAMES = 10_000

/** Which names are asked for. */
interface Names {
  /** What the names have to meet, in SQL over `listens` that needs nothing but name and `listener_name`. */
  sql: string
  params: Condition['params']
}

/**
 * The first rows by name, without the texts of the others read: which names come first is known from the rollup `names`
 * (`schema/017_names.sql`), and their listens are found by their numbers.
 * @param bound a name that none of the rows that are wanted comes after; null where none is known
 * @returns null where too many names come into question
 */
export async function firstByName(
  source: ListenSource,
  ask: PageAsk,
  bound: string | null,
): Promise<readonly Key[] | null> {
  const names = bound === null ? await namesOf(source, ask) : upTo(ask, bound)
  if (names === null) return null
  const found = await source.rows<[number: string, key: string]>(
    (from) => `SELECT toString(listener_name), ${ask.key.sql} AS sort_key
     ${from(`${names.sql} AND ${notBefore(ask)}`)}
     GROUP BY sort_key, listener_name ORDER BY sort_key ${ask.order} LIMIT ${MOST_NAMES + 1}`,
    { params: { ...names.params, ...(ask.after === null ? {} : { after_key: ask.after.key }) } },
  )
  return found.length > MOST_NAMES ? null : await rowsOf(source, ask, found)
}

/** The names up to a bound, it included. */
function upTo({ order, key }: PageAsk, bound: string): Names {
  return {
    sql: `${key.sql} ${order === 'asc' ? '<=' : '>='} {bound_key:String}`,
    params: { bound_key: bound },
  }
}

/** The names of all that passes the filter; null where there are too many. */
async function namesOf(source: ListenSource, { where }: PageAsk): Promise<Names | null> {
  const numbers = await source.rows<[string]>(
    (from) =>
      `SELECT toString(listener_name) ${from(where.sql)} GROUP BY listener_name LIMIT ${MOST_NAMES + 1}`,
    { params: where.params },
  )
  if (numbers.length > MOST_NAMES) return null
  return {
    sql: 'listener_name IN (SELECT toUInt64(arrayJoin({numbers:Array(String)})))',
    params: { numbers: numbers.flat() },
  }
}

/** Those before the page's cursor are over. */
function notBefore({ after, order, key }: PageAsk): string {
  return after === null ? '1' : `${key.sql} ${order === 'asc' ? '>=' : '<='} {after_key:String}`
}

/** Key and time of the first rows of these names, which are in order. */
async function rowsOf(
  source: ListenSource,
  ask: PageAsk,
  names: readonly (readonly [number: string, key: string])[],
): Promise<Key[]> {
  // Of the name that the page before ended in, some rows are over.
  const begun = names.filter(([, key]) => key === ask.after?.key)
  const others = names.slice(begun.length)
  const start =
    ask.after === null
      ? undefined
      : {
          sql: `listened_at ${ask.order === 'asc' ? '>=' : '<='} fromUnixTimestamp64Milli({after_time:Int64}, 'UTC')`,
          params: { after_time: ask.after.at },
        }
  const found = start === undefined ? [] : await rowsBearing(source, ask, begun, start)
  if (found.length === ask.rows) return found
  return [...found, ...(await rowsBearing(source, ask, others))].slice(0, ask.rows)
}

async function rowsBearing(
  source: ListenSource,
  { where, order, rows }: PageAsk,
  names: readonly (readonly [number: string, key: string])[],
  start?: Condition,
): Promise<Key[]> {
  if (names.length === 0) return []
  const keys = [...new Set(names.map(([, key]) => key))]
  const rankOf = new Map(keys.map((key, rank) => [key, rank]))
  const numbers = 'arrayMap(number -> toUInt64(number), {numbers:Array(String)})'
  const found = await source.rows<[rank: number, at: number]>(
    (from) => `SELECT transform(listener_name, ${numbers}, {ranks:Array(UInt32)}, toUInt32(0)) AS rank,
       toUnixTimestamp64Milli(listened_at)
     ${from(`${where.sql} AND listener_name IN (SELECT arrayJoin(${numbers})) AND ${start?.sql ?? '1'}`)}
     ORDER BY rank, listened_at ${order} LIMIT ${rows}`,
    {
      params: {
        ...where.params,
        ...start?.params,
        numbers: names.map(([number]) => number),
        ranks: names.map(([, key]) => rankOf.get(key) ?? 0),
      },
    },
  )
  return found.map(([rank, at]) => [keys[rank] ?? '', at])
}
