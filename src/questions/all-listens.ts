import { type Static, Type } from 'typebox'
import type { StoredListen } from '../listen/stored.ts'
import { Failure } from '../runtime/failure.ts'
import type { Param } from '../store/store.ts'
import { type Condition, FilterSchema, whereOf } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { askListens } from './listens.ts'
import { askStoredEnds, type Offsets } from './stored-after.ts'

/** Few enough that no other question waits long for one, and that one fits in memory many times. */
const PAGE = 5_000

export const AllListensQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    order: Type.Optional(
      Type.Enum(['asc', 'desc'], { default: 'desc', description: 'The oldest or the newest first' }),
    ),
  },
  { additionalProperties: false },
)

export type AllListensQuery = Static<typeof AllListensQuerySchema>

export interface AllListens {
  count: number
  /** Ends early where it is no longer read. @throws Failure STORE_LOST_LISTENS when there are fewer than `count` */
  pages: AsyncGenerator<StoredListen[]>
}

/** All listens of a filter that are stored at this moment, however many; those stored meanwhile are left out. */
export async function askAllListens(source: ListenSource, query: AllListensQuery): Promise<AllListens> {
  const stored = storedBefore((await askStoredEnds(source)).next)
  const { sql, params } = whereOf(query)
  const [[count] = [0]] = await source.rows<[number]>(
    (from) => `SELECT count() ${from(`${sql} AND ${stored.sql}`)}`,
    { params: { ...params, ...stored.params }, maxSeconds: 60 },
  )
  return { count, pages: pagesOf(source, query, stored, count) }
}

async function* pagesOf(
  source: ListenSource,
  query: AllListensQuery,
  stored: Condition,
  count: number,
): AsyncGenerator<StoredListen[]> {
  let cursor: string | null = null
  let given = 0
  do {
    const page = await askListens(
      source,
      { ...query, limit: PAGE, ...(cursor === null ? {} : { cursor }) },
      stored,
    )
    if (page.listens.length > 0) yield page.listens
    given += page.listens.length
    cursor = page.next
  } while (cursor !== null)
  if (given < count)
    throw new Failure(
      'STORE_LOST_LISTENS',
      `The store had ${count} listens to export and gave only ${given}.`,
    )
}

/**
 * What was stored before these ends. By offsets and not by `stored_at`, which is by the clock of the process that
 * stored the row: another one's may be behind, or its INSERT may have taken long.
 */
function storedBefore(ends: Offsets): Condition {
  const params: Record<string, Param> = {}
  const within = [...ends].map(([topicId, next], at) => {
    params[`topic${at}`] = topicId
    params[`next${at}`] = [...next]
    return `(topic_id = {topic${at}:UUID} AND kafka_offset < {next${at}:Array(UInt64)}[kafka_partition + 1])`
  })
  return { sql: within.length === 0 ? '0' : `(${within.join(' OR ')})`, params }
}
