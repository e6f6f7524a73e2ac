import type { Store } from '../store/store.ts'
import { type Condition, type Filter, whereOf } from './filter.ts'

/** What somebody listened to. */
type Counts = [listens: number, seconds: number, completed: number, skipped: number]

export type ListenerRow = [userId: string, name: string, ...Counts]

const COUNTS = `count() AS listens, sum(listen_position) AS seconds, countIf(completed) AS finished,
  countIf(is_skipped) AS left_early`

const MEASURES = { listens: 'count()', seconds: 'sum(listen_position)' } as const

/** Of more that listened equally much the engine tells them apart. */
const MOST_TIES = 1_000

export interface TopListenersAsk {
  /** What the most is the most of. */
  order: 'listens' | 'seconds'
  /** What a name has to contain; empty for anything. */
  search: string
  limit: number
}

/**
 * The listeners who listened most, in the order of their user_id where it is equally much, with a name that they had.
 * There is no rollup of them, since there are nearly as many a day as listens. Instead they are counted by their numbers, which
 * takes a fraction of the time that texts do, and by nothing but what they are in order of. The rest is counted of the first
 * ones alone, and their texts are read where they listened last.
 */
export async function askTopListeners(
  store: Store,
  filter: Filter,
  ask: TopListenersAsk,
): Promise<ListenerRow[]> {
  const where = whereOf(filter)
  if (ask.search === '') {
    const first = await store.rows<[listener: string]>(
      `SELECT toString(listener) FROM listens WHERE ${where.sql}
       GROUP BY listener ORDER BY ${MEASURES[ask.order]} DESC LIMIT ${Number(ask.limit)} WITH TIES`,
      { params: where.params },
    )
    if (first.length <= ask.limit + MOST_TIES)
      return await withTexts(store, where, await counted(store, where, first.flat()), ask)
  }
  return await store.rows<ListenerRow>(
    `SELECT user_id, any(name), ${COUNTS}
     FROM listens WHERE ${where.sql}
       AND ${ask.search === '' ? '1' : 'positionCaseInsensitiveUTF8(name, {search:String}) > 0'}
     GROUP BY user_id ORDER BY ${ask.order} DESC, user_id LIMIT ${Number(ask.limit)}`,
    { params: ask.search === '' ? where.params : { ...where.params, search: ask.search } },
  )
}

/** Of these listeners, when they listened last (milliseconds since 1970) and how much they listened to. */
function counted(store: Store, { sql, params }: Condition, listeners: readonly string[]) {
  return store.rows<[listener: string, last: number, ...Counts]>(
    `SELECT toString(listener), toUnixTimestamp64Milli(max(listened_at)), ${COUNTS} FROM listens
     WHERE ${sql} AND listener IN (SELECT toUInt64(arrayJoin({listeners:Array(String)})))
     GROUP BY listener`,
    { params: { ...params, listeners: [...listeners] } },
  )
}

async function withTexts(
  store: Store,
  { sql, params }: Condition,
  most: readonly (readonly [listener: string, last: number, ...Counts])[],
  { order, limit }: TopListenersAsk,
): Promise<ListenerRow[]> {
  const texts = await store.rows<[listener: string, userId: string, name: string]>(
    `SELECT toString(listener), any(user_id), any(name) FROM listens
     WHERE ${sql} AND listened_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({last:Array(Int64)}), 'UTC'))
       AND listener IN (SELECT toUInt64(arrayJoin({listeners:Array(String)})))
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
