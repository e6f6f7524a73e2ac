import { FIELDS, type Field } from '../../listen/fields.ts'

/** A column of the archive's files. */
interface Column {
  /** Permanent number in the Iceberg table. */
  id: number
  /** As in the table `listens`. */
  name: string
  /** One that every reader of Parquet knows; unsigned numbers and UUIDs are not among them. */
  type: string
  /** Its value from a row of `listens AS l`, and the value of `listens` from a row of files `AS f`. */
  toFile: string
  toTable: string
  /** Added after the first archives: their files do not have it, and their checksums do not include it. */
  added: boolean
}

const TEXT = 'String'
// The store has milliseconds. The files have microseconds, since Iceberg has no others; the first archives had milliseconds.
const TIME = "DateTime64(6, 'UTC')"
/** The number of the last column of the first archives. */
export const LAST_FIRST_ID = 23

const placed = (id: number, name: string, type: string, toFile: string, toTable: string): Column => ({
  ...{ id, name, type, toFile, toTable, added: false },
})

const time = (id: number, name: string) => placed(id, name, TIME, `l.${name}`, inMilliseconds(`f.${name}`))

function columnOf({ id, column: name, kind, type, presence }: Field): Column {
  if (kind === 'time') return time(id, name)
  if (kind !== 'text') return placed(id, name, type, `l.${name}`, `f.${name}`)
  const text = `CAST(l.${name} AS String)`
  if (presence !== 'extra') return placed(id, name, TEXT, text, `f.${name}`)
  // Null while unknown, as readers see it in files that are older than the column.
  return {
    ...placed(id, name, 'Nullable(String)', `nullIf(${text}, '')`, `ifNull(f.${name}, '')`),
    added: true,
  }
}

const COLUMNS: readonly Column[] = [
  placed(1, 'topic_id', TEXT, 'toString(l.topic_id)', 'toUUID(f.topic_id)'),
  placed(2, 'kafka_partition', 'Int32', 'toInt32(l.kafka_partition)', 'toUInt32(f.kafka_partition)'),
  placed(3, 'kafka_offset', 'Int64', 'toInt64(l.kafka_offset)', 'toUInt64(f.kafka_offset)'),
  time(4, 'stored_at'),
  ...FIELDS.map(columnOf),
  placed(LAST_FIRST_ID, 'once_key', TEXT, 'CAST(l.once_key AS String)', 'f.once_key'),
].sort((a, b) => a.id - b.id)

/** The columns in their order. */
export const ARCHIVE_COLUMNS: readonly Pick<Column, 'id' | 'name' | 'type'>[] = COLUMNS

/** The columns for a table function. Files that are older than a column are read as if it held nulls. */
export const FILE_STRUCTURE = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ')

/** The rows of the table `listens AS l` as the files hold them. */
export const AS_IN_FILES = COLUMNS.map(({ name, toFile }) => `${toFile} AS ${name}`).join(', ')

/** The columns of the table that a restored row fills; the table computes the others. */
export const TABLE_COLUMNS = COLUMNS.map(({ name }) => name).filter((name) => name !== 'percent_listened')

function inMilliseconds(sql: string): string {
  return `toDateTime64(${sql}, 3, 'UTC')`
}

/** Columns that the table computes from texts and that files do not have. */
const COMPUTED = [
  ['listener', 'cityHash64(f.user_id)'],
  ['listener_name', 'cityHash64(f.name)'],
] as const

/** SQL: rows of files with the names and types of the table, for questions. */
export const AS_IN_TABLE = [
  ...COLUMNS.map(({ name, toTable }) => `${toTable} AS ${name}`),
  ...COMPUTED.map(([name, sql]) => `${sql} AS ${name}`),
].join(', ')

/** All columns of the table, those that `*` leaves out included, in the order of {@link AS_IN_TABLE}. */
export const ALL_TABLE_COLUMNS = [...COLUMNS.map(({ name }) => name), ...COMPUTED.map(([name]) => name)]
  .map((name) => `l.${name} AS ${name}`)
  .join(', ')

const hashed = COLUMNS.filter(({ added }) => !added).map(({ name, type }) => {
  if (type === TIME) return inMilliseconds(name)
  return type.startsWith('Nullable') ? `ifNull(${name}, -1)` : name
})
/** Adds nothing for an unknown text, so that archives from before the column keep their checksum. */
const hashedSince = COLUMNS.filter(({ added }) => added).map(
  ({ name }) =>
    ` + if(ifNull(${name}, '') = '', 0, cityHash64('${name}', topic_id, kafka_partition, kafka_offset, ifNull(${name}, '')))`,
)

/**
 * What identifies the rows of files, by day and partition: their number, the time heard, and a sum of hashes over all
 * columns, which differs when any value differs and does not depend on the order.
 */
export const MEASURE = `toString(toDate(stored_at, 'UTC')) AS day, topic_id, kafka_partition, count() AS listens,
  sum(toInt64(round(listen_position * 1000))) AS heard_ms,
  toString(sum(cityHash64(${hashed.join(', ')})${hashedSince.join('')})) AS checksum,
  toUnixTimestamp64Milli(min(${inMilliseconds('listened_at')})) AS first_listened, toUnixTimestamp64Milli(max(${inMilliseconds('listened_at')})) AS last_listened`
export const MEASURED_BY = 'GROUP BY day, topic_id, kafka_partition ORDER BY day, topic_id, kafka_partition'
