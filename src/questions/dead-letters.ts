import { type Static, Type } from 'typebox'
import { parseMoment } from '../calendar/moment.ts'
import { Failure } from '../runtime/failure.ts'
import type { Param } from '../store/store.ts'
import type { From, ListenSource } from './listen-source.ts'
import { type Scope, shownTo } from './scope.ts'

const ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.(\d{1,15})$/

/**
 * waiting: nobody has done anything; dropped: somebody let it go; redriven: a copy was sent back and is on its way;
 * stored: a copy is stored; failed_again: the copy is a dead letter itself.
 */
export const STATUSES = ['waiting', 'redriven', 'stored', 'failed_again', 'dropped'] as const

export const DeadLettersQuerySchema = Type.Object(
  {
    reason: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 })),
    from: Type.Optional(Type.String({ maxLength: 40, description: 'Refused at this time or later' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'Refused before this time' })),
    partition: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    status: Type.Optional(
      Type.Array(Type.Enum([...STATUSES], { description: 'What was done about it' }), { maxItems: 5 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 400, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

export const DeadLetterSchema = Type.Object({
  id: Type.String({ description: 'Topic id, partition and offset of the source' }),
  partition: Type.Integer(),
  offset: Type.Integer(),
  failed_at: Type.String({ description: 'ISO 8601' }),
  reason: Type.String(),
  field: Type.Union([Type.String(), Type.Null()]),
  message: Type.String(),
  value_bytes: Type.Integer(),
  status: Type.Enum([...STATUSES]),
  acted_at: Type.Union([Type.String(), Type.Null()], {
    description: 'When something was done about it last',
  }),
  fix: Type.Union([Type.String(), Type.Null()], { description: 'What was changed in the copy, as JSON' }),
  once_key: Type.String({
    description: 'Of all copies only one is stored under it; empty where none was sent',
  }),
})

export const DeadLettersAnswerSchema = Type.Object({
  dead_letters: Type.Array(DeadLetterSchema),
  reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() }), {
    description: 'How many match, by reason; over all pages',
  }),
  next: Type.Union([Type.String(), Type.Null()]),
})

export type DeadLettersQuery = Static<typeof DeadLettersQuerySchema>
export type DeadLetter = Static<typeof DeadLetterSchema>
export type DeadLettersAnswer = Static<typeof DeadLettersAnswerSchema>

type Row = [topicId: string, partition: number, offset: number, failedAt: number, ...string[]]

// FINAL, because a record that was refused again after a crash has two entries until they are merged.
const lettersOf = (from: From) => `(
  SELECT topic_id, kafka_partition, kafka_offset, failed_at, reason, field, message, value_bytes, acted_at, fix, once_key,
    multiIf(action = '', 'waiting', action = 'dropped', 'dropped',
      once_key IN (SELECT once_key ${from(`once_key IN (SELECT once_key FROM dead_letter_actions WHERE once_key != '')`)}), 'stored',
      once_key IN (SELECT once_key FROM dropped_once_keys), 'stored',
      (topic_id, sent_partition, sent_offset) IN (SELECT topic_id, toNullable(kafka_partition), toNullable(kafka_offset) FROM dead_letters), 'failed_again',
      'redriven') AS status
  FROM (SELECT * FROM dead_letters FINAL) AS letters
  LEFT JOIN (
    SELECT topic_id, kafka_partition, kafka_offset, toString(argMax(action, dead_letter_actions.acted_at)) AS action, max(dead_letter_actions.acted_at) AS acted_at,
      argMax(fix, dead_letter_actions.acted_at) AS fix, argMax(once_key, dead_letter_actions.acted_at) AS once_key,
      argMax(tuple(sent_partition), dead_letter_actions.acted_at).1 AS sent_partition,
      argMax(tuple(sent_offset), dead_letter_actions.acted_at).1 AS sent_offset
    FROM dead_letter_actions GROUP BY topic_id, kafka_partition, kafka_offset) AS actions
  USING (topic_id, kafka_partition, kafka_offset))`
const selectOf = (
  from: From,
) => `SELECT topic_id, kafka_partition, kafka_offset, toUnixTimestamp64Milli(failed_at), reason, field,
  message, toString(value_bytes), status, if(status = 'waiting', '', toString(toUnixTimestamp64Milli(acted_at))), fix, once_key
  FROM ${lettersOf(from)}`

/**
 * A page of the index of dead letters, the newest first.
 * @throws Failure BAD_CURSOR
 */
export async function askDeadLetters(
  source: ListenSource,
  query: DeadLettersQuery,
): Promise<DeadLettersAnswer> {
  const { limit = 100 } = query
  // A dead letter is nobody's listen, so it is for those who may read all.
  const parts = [source.scope.kind === 'everyone' ? '1' : '0']
  const params: Record<string, Param> = {}
  if (query.reason !== undefined && query.reason.length > 0) {
    parts.push('reason IN {reason:Array(String)}')
    params['reason'] = query.reason
  }
  if (query.status !== undefined && query.status.length > 0) {
    parts.push('status IN {status:Array(String)}')
    params['status'] = query.status
  }
  if (query.partition !== undefined) {
    parts.push('kafka_partition = {partition:UInt32}')
    params['partition'] = query.partition
  }
  for (const [name, comparison] of [
    ['from', '>='],
    ['to', '<'],
  ] as const) {
    const text = query[name]
    if (text === undefined) continue
    parts.push(`failed_at ${comparison} fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`)
    params[name] = parseMoment(text)
  }
  const where = parts.join(' AND ')
  const reasons = await source.rows<[string, number]>(
    (from) =>
      `SELECT reason, count() FROM ${lettersOf(from)} WHERE ${where} GROUP BY reason ORDER BY count() DESC, reason`,
    { params },
  )
  let after = ''
  if (query.cursor !== undefined) {
    Object.assign(params, cursorParams(query.cursor))
    after = `AND (failed_at, topic_id, kafka_partition, kafka_offset) < (fromUnixTimestamp64Milli({after_time:Int64},
      'UTC'), {after_topic:UUID}, {after_partition:UInt32}, {after_offset:UInt64})`
  }
  const rows = await source.rows<Row>(
    (from) => `${selectOf(from)} WHERE ${where} ${after}
     ORDER BY failed_at DESC, topic_id DESC, kafka_partition DESC, kafka_offset DESC LIMIT ${limit + 1}`,
    { params },
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    dead_letters: page.map((row) => toDeadLetter(source.scope, row)),
    reasons: reasons.map(([reason, count]) => ({ reason, count })),
    next: rows.length > limit && last !== undefined ? `${last[3]}.${idOf(last)}` : null,
  }
}

/** The place of the record that a dead letter's id names; null when it is no such id. */
export function placeOf(id: string): { topicId: string; partition: number; offset: number } | null {
  const [, topicId, partition, offset] = ID.exec(id) ?? []
  return topicId === undefined ? null : { topicId, partition: Number(partition), offset: Number(offset) }
}

/** One dead letter by its id, with the id of the topic that it came from; null when there is none. */
export async function askDeadLetter(
  source: ListenSource,
  id: string,
): Promise<{ topicId: string; letter: DeadLetter } | null> {
  const place = placeOf(id)
  if (place === null || source.scope.kind !== 'everyone') return null
  const { topicId: topic, partition, offset } = place
  const [row] = await source.rows<Row>(
    (from) =>
      `${selectOf(from)} WHERE topic_id = {topic:UUID} AND kafka_partition = {partition:UInt32} AND kafka_offset = {offset:UInt64}`,
    { params: { topic, partition, offset } },
  )
  return row === undefined ? null : { topicId: topic, letter: toDeadLetter(source.scope, row) }
}

const idOf = ([topicId, partition, offset]: Row) => `${topicId}.${partition}.${offset}`

function toDeadLetter(scope: Scope, row: Row): DeadLetter {
  const [, partition, offset, failedAt, reason = '', field = '', message = '', bytes = '0', ...done] = row
  const [status = 'waiting', actedAt = '', fix = '', onceKey = ''] = done
  return {
    id: idOf(row),
    partition,
    offset,
    failed_at: new Date(failedAt).toISOString(),
    reason,
    field: field === '' ? null : field,
    message,
    value_bytes: Number(bytes),
    status: status as DeadLetter['status'],
    acted_at: actedAt === '' ? null : new Date(Number(actedAt)).toISOString(),
    fix: fix === '' ? null : JSON.stringify(shownTo(scope, JSON.parse(fix))),
    once_key: onceKey,
  }
}

function cursorParams(cursor: string): Record<string, string | number> {
  const [, time, id = ''] = /^(\d{1,15})\.(.*)$/.exec(cursor) ?? []
  const [, topic, partition, offset] = ID.exec(id) ?? []
  if (topic === undefined)
    throw new Failure('BAD_CURSOR', 'cursor must be the `next` of a page; leave it out to begin again.')
  return {
    after_time: Number(time),
    after_topic: topic,
    after_partition: Number(partition),
    after_offset: Number(offset),
  }
}
