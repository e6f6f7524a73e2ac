/** Table with the months of each user, which are the partitions to read. */
export const MONTHS_BY_USER = 'music_streams_months_by_user'
export const BY_USER = 'music_streams_by_user'
export const BY_SONG = 'music_streams_by_song'
/** Table with the first listen of each once key. */
export const ONCE_KEYS = 'playhead_once_keys'
/** Table with the identity of the keyspace, which names the consumer group. */
export const IDENTITY = 'playhead_identity'

/** Columns of both tables of listens. */
const LISTEN_COLUMNS = {
  user_id: 'text',
  timestamp: 'timestamp',
  listen_id: 'text',
  title: 'text',
  artist: 'text',
  genre: 'text',
  mood: 'text',
  platform: 'text',
  duration: 'double',
  listen_position: 'double',
  completed: 'boolean',
  rating: 'float',
  skipped: 'boolean',
  city: 'text',
  country: 'text',
} as const

export type ListenColumn = keyof typeof LISTEN_COLUMNS
export const LISTEN_COLUMN_NAMES = Object.keys(LISTEN_COLUMNS) as readonly ListenColumn[]

const columns = Object.entries(LISTEN_COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')

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
