import { compile, literal } from '../listen/compile.ts'
import { percentListened } from '../listen/derive.ts'
import { FIELDS } from '../listen/fields.ts'
import { listenId } from '../listen/listen-id.ts'
import type { StoredListen } from '../listen/stored.ts'
import { type Scope, shownTo } from './scope.ts'

/** What identifies and orders listens, for cursors too; times in milliseconds since 1970. */
const PLACE_COLUMNS = [
  'toString(topic_id)',
  'kafka_partition',
  'kafka_offset',
  'toUnixTimestamp64Milli(stored_at)',
  'toUnixTimestamp64Milli(listened_at)',
]
const OTHERS = FIELDS.filter(({ path }) => path !== 'timestamp')

/** The columns of `listens` in the order that {@link toListen} reads. */
export const LISTEN_COLUMNS = [...PLACE_COLUMNS, ...OTHERS.map(({ column }) => column)].join(', ')

export type ListenRow = [
  topicId: string,
  partition: number,
  offset: number,
  storedAt: number,
  listenedAt: number,
  ...fields: (string | number | boolean | null)[],
]

const positions = new Map<string, number>(OTHERS.map(({ path }, at) => [path, PLACE_COLUMNS.length + at]))
const fieldsOf = compile<(row: ListenRow) => Omit<StoredListen, 'id' | 'stored_at' | 'partition' | 'offset'>>(
  'row',
  `(${literal(FIELDS, ({ path }) => (path === 'timestamp' ? 'row[4] / 1000' : `row[${positions.get(path)}]`))})`,
)

/** A row of {@link LISTEN_COLUMNS} as a scope may see it. */
export function toListen(scope: Scope, row: ListenRow): StoredListen {
  const [topicId, partition, offset, storedAt] = row
  const fields = fieldsOf(row)
  return shownTo(scope, {
    id: listenId(topicId, partition, offset),
    ...fields,
    // The store cannot divide the largest numbers, which earlier versions accepted.
    percent_listened:
      fields.percent_listened ?? percentListened(fields.listen_position, fields.duration_seconds),
    stored_at: storedAt / 1000,
    partition,
    offset,
  })
}
