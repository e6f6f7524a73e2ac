/**
 * The columns of the archive's files: names as in the table `listens`, in types that every Parquet
 * reader knows, so no unsigned numbers and UUIDs.
 */
const COLUMNS: readonly (readonly [name: string, type: string, sql?: string])[] = [
  ['topic_id', 'String', 'toString(l.topic_id)'],
  ['kafka_partition', 'Int32', 'toInt32(l.kafka_partition)'],
  ['kafka_offset', 'Int64', 'toInt64(l.kafka_offset)'],
  // Millisecond values as microseconds, the only unit of Iceberg.
  ['stored_at', "DateTime64(6, 'UTC')"],
  ['listened_at', "DateTime64(6, 'UTC')"],
  ['user_id', 'String'],
  ['name', 'String'],
  ['email', 'String'],
  ['track_id', 'String'],
  ['title', 'String'],
  ['artist', 'String'],
  ['genre', 'String'],
  ['platform', 'String'],
  ['city', 'String'],
  ['country', 'String'],
  ['mood', 'String'],
  ['duration_seconds', 'Float64'],
  ['listen_position', 'Float64'],
  ['percent_listened', 'Float32'],
  ['completed', 'Bool'],
  ['rating', 'Nullable(Float32)'],
  ['is_skipped', 'Bool'],
  ['once_key', 'String'],
]

/** Names and types of the columns, in their order. */
export const COLUMN_TYPES = COLUMNS.map(([name, type]) => [name, type] as const)

/** The same, in the syntax of a table function. */
export const FILE_STRUCTURE = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')

/** SQL: rows of the table `listens AS l` in the format of the files. */
export const AS_IN_FILES = COLUMNS.map(
  ([name, type, sql]) =>
    `${sql ?? (type === 'String' ? `CAST(l.${name} AS String)` : `l.${name}`)} AS ${name}`,
).join(', ')

/** Columns of the table that a restored row fills; derived ones are left out. */
export const TABLE_COLUMNS = COLUMNS.map(([name]) => name).filter((name) => name !== 'percent_listened')

/** Time types of the table, and of older files. */
function inMilliseconds(sql: string, name: string): string {
  return name.endsWith('_at') ? `toDateTime64(${sql}, 3, 'UTC')` : sql
}

/** Columns that the table derives and that files do not contain. */
const DERIVED = [
  ['listener', 'cityHash64(f.user_id)'],
  ['listener_name', 'cityHash64(f.name)'],
] as const

/** SQL: rows of files with the names and types of the table, for questions. */
export const AS_IN_TABLE = [
  ...COLUMNS.map(([name]) => {
    if (name === 'topic_id') return 'toUUID(f.topic_id) AS topic_id'
    if (name === 'kafka_partition') return 'toUInt32(f.kafka_partition) AS kafka_partition'
    if (name === 'kafka_offset') return 'toUInt64(f.kafka_offset) AS kafka_offset'
    return `${inMilliseconds(`f.${name}`, name)} AS ${name}`
  }),
  ...DERIVED.map(([name, sql]) => `${sql} AS ${name}`),
].join(', ')

/** All columns of the table, including those that `*` omits, in the order of {@link AS_IN_TABLE}. */
export const ALL_TABLE_COLUMNS = [...COLUMNS, ...DERIVED].map(([name]) => `l.${name} AS ${name}`).join(', ')

/**
 * Measures of rows per day and partition: count, milliseconds listened, and a sum of hashes over all
 * columns that does not depend on the order of rows.
 */
export const MEASURE = `toString(toDate(stored_at, 'UTC')) AS day, topic_id, kafka_partition, count() AS listens,
  sum(toInt64(round(listen_position * 1000))) AS heard_ms,
  toString(sum(cityHash64(${COLUMNS.map(([name]) => (name === 'rating' ? 'ifNull(rating, -1)' : inMilliseconds(name, name))).join(', ')}))) AS checksum,
  toUnixTimestamp64Milli(min(toDateTime64(listened_at, 3, 'UTC'))) AS first_listened, toUnixTimestamp64Milli(max(toDateTime64(listened_at, 3, 'UTC'))) AS last_listened`
export const MEASURED_BY = 'GROUP BY day, topic_id, kafka_partition ORDER BY day, topic_id, kafka_partition'
