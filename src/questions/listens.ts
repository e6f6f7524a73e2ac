import { type Static, Type } from 'typebox'
import { type Field, type NameOf, nameOf, SORT_FIELDS, type SortRow } from '../listen/fields.ts'
import { StoredListenSchema } from '../listen/stored.ts'
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts'
import { allOf, type Condition, type Filter, FilterSchema, whereOf } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { narrowed } from './narrowed.ts'
import { LISTEN_COLUMNS, type ListenRow, toListen } from './row.ts'

export type Sort = NameOf<SortRow> | 'stored_at'

/** An expression to sort by, and the type of its value in a cursor. */
interface SortKey {
  sql: string
  type: string
}

/** By the names of `sort`. */
const SORTS = {
  stored_at: { sql: 'toUnixTimestamp64Milli(stored_at)', type: 'Int64' },
  ...Object.fromEntries(SORT_FIELDS.map((field) => [nameOf(field), sortKeyOf(field)])),
} as Readonly<Record<Sort, SortKey>>

function sortKeyOf({ kind, column, type, nullable, sort }: Field): SortKey {
  if (kind === 'time') return { sql: `toUnixTimestamp64Milli(${column})`, type: 'Int64' }
  if (kind === 'boolean') return { sql: `toUInt8(${column})`, type: 'UInt8' }
  // Texts are sorted as people expect, without regard to capitals. A function of a dictionary is computed for all of it,
  // however few rows are left, so texts with many values are taken out of their dictionary first.
  if (kind === 'text')
    return { sql: sort === 'few' ? `lowerUTF8(${column})` : `lowerUTF8(toString(${column}))`, type: 'String' }
  // No value comes below every value.
  return nullable ? { sql: `ifNull(${column}, -1)`, type: 'Float32' } : { sql: column, type }
}

/** The most listens of a page that somebody looks at; those of an export are longer. */
const LOOKED_AT = 1000

export const ListensQuerySchema = Type.Object(
  {
    ...FilterSchema.properties,
    sort: Type.Optional(
      Type.Enum(Object.keys(SORTS) as Sort[], { default: 'timestamp', description: 'Field to sort by' }),
    ),
    order: Type.Optional(Type.Enum(['asc', 'desc'], { default: 'desc' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LOOKED_AT, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 4000, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

export const ListensAnswerSchema = Type.Object({
  listens: Type.Array(StoredListenSchema),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'Cursor of the next page; null on the last',
  }),
})

export type ListensQuery = Static<typeof ListensQuerySchema>
export type ListensAnswer = Static<typeof ListensAnswerSchema>

/**
 * A page of listens. A page begins after the last row of the one before, not at a count of rows, so that pages
 * neither repeat nor miss a row while others arrive.
 * @param among what the listens have to meet besides the filter
 * @throws Failure BAD_CURSOR when the cursor is not one of ours or belongs to another sort
 */
export async function askListens(
  source: ListenSource,
  query: ListensQuery & Filter,
  among?: Condition,
): Promise<ListensAnswer> {
  const { sort = 'timestamp', order = 'desc', limit = 100 } = query
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, sort, order, SORTS[sort].type)
  const key = SORTS[sort]
  const direction = order === 'asc' ? 'ASC' : 'DESC'
  const all = allOf([whereOf(query), ...(among === undefined ? [] : [among])])
  const where = after === null ? all : allOf([all, afterCursor(sort, order, after)])
  const narrow =
    sort === 'timestamp'
      ? await timesOf(source, where, order, limit)
      : await narrowed(source, {
          filter: query,
          where: all,
          after: after === null ? null : { key: after.key, at: after.listenedAt },
          by: sort,
          key,
          order,
          rows: limit + 1,
        })
  const rows = await source.rows<[string | number, ...ListenRow]>(
    (from) => `SELECT ${key.sql} AS sort_key, ${LISTEN_COLUMNS}
     ${from(narrow === null ? where.sql : `${where.sql} AND ${narrow.sql}`)}
     ORDER BY ${sort === 'timestamp' ? '' : `sort_key ${direction},`}
       listened_at ${direction}, topic_id ${direction}, kafka_partition ${direction}, kafka_offset ${direction}
     LIMIT ${limit + 1}`,
    { params: { ...where.params, ...narrow?.params } },
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    listens: page.map(([, ...row]) => toListen(source.scope, row)),
    next: rows.length > limit && last !== undefined ? encodeCursor(sort, order, last) : null,
  }
}

/**
 * The times of a page's rows and of the one after, found by times alone: the engine would read the dictionaries of all
 * parts to find out that their first rows are not wanted.
 * @returns null for the long pages of an export, which read most of that anyway
 */
async function timesOf(
  source: ListenSource,
  { sql, params }: Condition,
  order: 'asc' | 'desc',
  limit: number,
): Promise<Condition | null> {
  if (limit > LOOKED_AT) return null
  const times = await source.rows<[number]>(
    (from) =>
      `SELECT toUnixTimestamp64Milli(listened_at) ${from(sql)} ORDER BY listened_at ${order} LIMIT ${limit + 1}`,
    { params },
  )
  if (times.length === 0) return { sql: '0', params: {} }
  return {
    sql: "listened_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({page_times:Array(Int64)}), 'UTC'))",
    params: { page_times: [...new Set(times.flat())] },
  }
}

/** Rows after the cursor: the sort key first, then the table's own order, which tells all rows apart. */
function afterCursor(sort: Sort, order: 'asc' | 'desc', after: Cursor): Condition {
  const comparison = order === 'asc' ? '>' : '<'
  const place =
    `(listened_at, topic_id, kafka_partition, kafka_offset) ${comparison} ` +
    `(fromUnixTimestamp64Milli({after_time:Int64}, 'UTC'), {after_topic:UUID}, {after_partition:UInt32}, {after_offset:UInt64})`
  const params = {
    after_key: after.key,
    after_time: after.listenedAt,
    after_topic: after.topicId,
    after_partition: after.partition,
    after_offset: after.offset,
  }
  const { sql, type } = SORTS[sort]
  if (sort === 'timestamp')
    // Said twice, because only the plain comparison lets the engine skip what it need not read.
    return {
      sql: `listened_at ${comparison}= fromUnixTimestamp64Milli({after_time:Int64}, 'UTC') AND ${place}`,
      params,
    }
  return {
    sql: `(${sql} ${comparison} {after_key:${type}} OR (${sql} = {after_key:${type}} AND ${place}))`,
    params,
  }
}
