import { type Field, nameOf, TOPIC_FIELDS } from '../../listen/fields.ts'

/** Table with the months of each user, which are the partitions to read. */
export const MONTHS_BY_USER = 'music_streams_months_by_user'
export const BY_USER = 'music_streams_by_user'
export const BY_SONG = 'music_streams_by_song'
/** Table with the first listen of each once key. */
export const ONCE_KEYS = 'playhead_once_keys'
/** Table with the identity of the keyspace, which names the consumer group. */
export const IDENTITY = 'playhead_identity'

/** Fields that no query of these tables asks for. */
const LEFT_OUT: readonly string[] = ['name', 'email', 'track_id']
/** Names that differ from those on the topic. */
const NAMES: Readonly<Record<string, string>> = { duration_seconds: 'duration', is_skipped: 'skipped' }
const TYPES = { text: 'text', number: 'double', boolean: 'boolean', time: 'timestamp' } as const

/** A column of both tables of listens. */
export interface ListenColumn {
  name: string
  type: string
  field: Field
}

export const LISTEN_COLUMNS: readonly ListenColumn[] = TOPIC_FIELDS.filter(
  ({ path }) => !LEFT_OUT.includes(path),
).map((field) => ({
  name: NAMES[field.path] ?? nameOf(field),
  type: field.path === 'rating' ? 'float' : TYPES[field.kind],
  field,
}))

const columns = ['listen_id text', ...LISTEN_COLUMNS.map(({ name, type }) => `${name} ${type}`)].join(', ')

/**
 * The tables, by name. A listener who plays day and night has about 10,000 listens in a month's
 * partition; a song played a hundred times per second has 360,000 in an hour's. `listen_id` follows
 * the time, so that two listens in the same millisecond are two rows.
 */
export const TABLES: Readonly<Record<string, string>> = {
  [BY_USER]: `(${columns}, month text, PRIMARY KEY ((user_id, month), timestamp, listen_id))
    WITH CLUSTERING ORDER BY (timestamp DESC, listen_id ASC)`,
  [MONTHS_BY_USER]: `(user_id text, month text, PRIMARY KEY (user_id, month))
    WITH CLUSTERING ORDER BY (month DESC)`,
  [BY_SONG]: `(${columns}, day date, hour tinyint, PRIMARY KEY ((artist, title, day, hour), timestamp, listen_id))
    WITH CLUSTERING ORDER BY (timestamp DESC, listen_id ASC)`,
  [ONCE_KEYS]: '(once_key text PRIMARY KEY, listen_id text)',
  [IDENTITY]: '(name text PRIMARY KEY, id text)',
}
