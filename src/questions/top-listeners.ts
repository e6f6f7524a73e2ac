import { type Condition, type Filter, whereOf } from './filter.ts'
import { foldedSql } from './folded.ts'
import type { From, ListenSource } from './listen-source.ts'
import { SECONDS_HEARD } from './rollup.ts'

/** What somebody listened to. */
type Counts = [listens: number, seconds: number, completed: number, skipped: number]

export type ListenerRow = [userId: string, name: string, ...Counts]

const COUNTS = `count() AS listens, ${SECONDS_HEARD} AS seconds, countIf(completed) AS finished,
  countIf(is_skipped) AS left_early`

const MEASURES = { listens: 'count()', seconds: SECONDS_HEARD } as const

/** Which of 65,536 groups a listener is in: so few that the engine counts them without a table to look each one up in. */
const GROUP = 'toUInt16(listener)'
/** How many groups are looked into for each listener that is wanted. */
const GROUPS_LOOKED_INTO = 8
/** Sums of the same seconds differ by this share at most, whatever order they are added up in. */
const ROUNDING = 1e-9

/** Of more that listened equally much the engine tells them apart. */
const MOST_TIES = 1_000

export interface TopListenersAsk {
  /** What the most is the most of. */
  order: 'listens' | 'seconds'
  /** What a name has to contain, folded; empty for anything. */
  wanted: string
  limit: number
}

/** A listener's number, when they listened last (milliseconds since 1970) and how much they listened to. */
type Counted = readonly [listener: string, last: number, ...Counts]

/**
 * The listeners who listened most, in the order of their user_id where it is equally much, with a name that they had.
 * There is no rollup of them, since there are nearly as many a day as listens. Instead they are counted by their numbers, which
 * takes a fraction of the time that texts do, and their texts are read where they listened last.
 */
export async function askTopListeners(
  source: ListenSource,
  filter: Filter,
  ask: TopListenersAsk,
): Promise<ListenerRow[]> {
  const where = whereOf(filter)
  if (ask.wanted === '') {
    const most = (await mostOfGroups(source, where, ask)) ?? (await mostOfAll(source, where, ask))
    if (most !== null) return await withTexts(source, where, most, ask)
  }
  // Each name is folded once: there are far fewer than listens.
  const named = (from: From) =>
    ask.wanted === ''
      ? '1'
      : `name IN (SELECT name ${from(where.sql)}
         GROUP BY name HAVING position(${foldedSql('any(name)')}, {wanted:String}) > 0)`
  return await source.rows<ListenerRow>(
    (from) => `SELECT user_id, any(name), ${COUNTS}
     ${from(`${where.sql} AND ${named(from)}`)}
     GROUP BY user_id ORDER BY ${ask.order} DESC, user_id LIMIT ${Number(ask.limit)}`,
    { params: ask.wanted === '' ? where.params : { ...where.params, wanted: ask.wanted } },
  )
}

/**
 * Those who listened most, and all who listened as much as the last of them. A listener has listened no more than all of their
 * group together, so groups that listened less than the last one found need not be looked into. Where a few listen far more than
 * most, as people do, that leaves a few groups, and takes half the time of {@link mostOfAll}.
 * @returns null where too many groups are left, or too many listeners
 */
async function mostOfGroups(
  source: ListenSource,
  { sql, params }: Condition,
  { order, limit }: TopListenersAsk,
): Promise<readonly Counted[] | null> {
  const looked = limit * GROUPS_LOOKED_INTO
  const groups = await source.rows<[group: number, amount: number, mean: number]>(
    (from) => `SELECT ${GROUP} AS listeners, ${MEASURES[order]} AS amount, avg(amount) OVER () ${from(sql)}
     GROUP BY listeners ORDER BY amount DESC LIMIT ${looked + 1}`,
    { params },
  )
  const [, others] = groups[looked] ?? [0, 0]
  const [, last, mean] = groups[Math.min(limit, groups.length) - 1] ?? [0, 0, 0]
  // What the last one is likely to have: the group's, without its share of everybody else.
  if (others > 0 && last - mean <= others) return null
  const most = await source.rows<Counted>(
    (from) => `SELECT toString(listener), toUnixTimestamp64Milli(max(listened_at)), ${COUNTS}
     ${from(`${sql} AND ${GROUP} IN {groups:Array(UInt16)}`)}
     GROUP BY listener ORDER BY ${order} DESC LIMIT ${Number(limit)} WITH TIES`,
    { params: { ...params, groups: groups.slice(0, looked).map(([group]) => group) } },
  )
  const least = amountOf(most.at(-1), order)
  return others === 0 || least > others * (1 + ROUNDING) ? fewTies(most, limit) : null
}

/**
 * The same by counting each listener, by nothing but what they are in order of; the rest is counted of the first ones alone.
 * @returns null where too many listened as much as the last one
 */
async function mostOfAll(
  source: ListenSource,
  { sql, params }: Condition,
  { order, limit }: TopListenersAsk,
): Promise<readonly Counted[] | null> {
  const first = await source.rows<[listener: string]>(
    (from) => `SELECT toString(listener) ${from(sql)}
     GROUP BY listener ORDER BY ${MEASURES[order]} DESC LIMIT ${Number(limit)} WITH TIES`,
    { params },
  )
  if (fewTies(first, limit) === null) return null
  return await source.rows<Counted>(
    (from) => `SELECT toString(listener), toUnixTimestamp64Milli(max(listened_at)), ${COUNTS}
     ${from(`${sql} AND listener IN (SELECT toUInt64(arrayJoin({listeners:Array(String)})))`)}
     GROUP BY listener`,
    { params: { ...params, listeners: first.flat() } },
  )
}

const fewTies = <Each>(most: readonly Each[], limit: number) =>
  most.length <= limit + MOST_TIES ? most : null

const amountOf = (counted: Counted | undefined, order: TopListenersAsk['order']) =>
  counted?.[order === 'listens' ? 2 : 3] ?? 0

async function withTexts(
  source: ListenSource,
  { sql, params }: Condition,
  most: readonly Counted[],
  { order, limit }: TopListenersAsk,
): Promise<ListenerRow[]> {
  const texts = await source.rows<[listener: string, userId: string, name: string]>(
    (from) => `SELECT toString(listener), any(user_id), any(name)
     ${from(`${sql} AND listened_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({last:Array(Int64)}), 'UTC'))
       AND listener IN (SELECT toUInt64(arrayJoin({listeners:Array(String)})))`)}
     GROUP BY listener`,
    {
      params: {
        ...params,
        last: [...new Set(most.map(([, at]) => at))],
        listeners: most.map(([listener]) => listener),
      },
    },
  )
  const textsOf = new Map(texts.map(([listener, ...both]) => [listener, both]))
  const amount = order === 'listens' ? 0 : 1
  return most
    .map(([listener, , ...counts]): [string, string, Counts] => [
      ...(textsOf.get(listener) ?? (['', ''] as const)),
      counts,
    ])
    .toSorted(([a, , one], [b, , other]) => other[amount] - one[amount] || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([userId, name, counts]) => [userId, name, ...counts])
}
