import { type ArchivedRun, dayFile } from '../manifest.ts'
import { avroFile } from './avro-file.ts'
import { fieldId, PARTITION_FIELD_ID, PARTITION_FIELDS, SCHEMA_ID, SCHEMAS } from './schema.ts'

/** A data file of the table. */
export interface TableFile {
  /** Run of the archive; also the snapshot and sequence number of the table. */
  run: number
  day: string
  bytes: number
  listens: number
  /** Milliseconds since 1970. */
  firstListenedAt: number
  lastListenedAt: number
}

/** A manifest: up to {@link FILES_A_MANIFEST} files in the order of the archive. */
export interface TableManifest {
  path: string
  content: Buffer
  files: readonly TableFile[]
}

/** Small enough for one statement; a year of hourly runs has about 50 manifests. */
const FILES_A_MANIFEST = 200
const DAY_MS = 86_400_000
const EXISTING = 0
const ADDED = 1

/**
 * The files of runs, in their order.
 * @param bytesOf size of a file that its run did not record
 */
export function filesOf(
  runs: readonly ArchivedRun[],
  bytesOf: (run: number, day: string) => number,
): TableFile[] {
  return runs.flatMap(({ run, contents, bytes }) =>
    [...new Set(contents.map(({ day }) => day))].map((day) => {
      const parts = contents.filter((one) => one.day === day)
      return {
        run,
        day,
        bytes: bytes?.[day] ?? bytesOf(run, day),
        listens: parts.reduce((sum, { listens }) => sum + listens, 0),
        firstListenedAt: Math.min(...parts.map(({ first_listened_at: first }) => first)),
        lastListenedAt: Math.max(...parts.map(({ last_listened_at: last }) => last)),
      }
    }),
  )
}

/**
 * The manifests of a table with these files (Iceberg specification, version 2, "Manifests"). A
 * manifest depends only on its files, so a repeated write produces the same one.
 */
export async function manifestsOf(files: readonly TableFile[], location: string): Promise<TableManifest[]> {
  const manifests: TableManifest[] = []
  for (let from = 0; from < files.length; from += FILES_A_MANIFEST) {
    const some = files.slice(from, from + FILES_A_MANIFEST)
    const path = `metadata/files-${padded(from + 1)}-${padded(from + some.length)}.avro`
    manifests.push({ path, content: await manifest(some, location), files: some })
  }
  return manifests
}

/** The manifest list of a snapshot (same specification, "Manifest Lists"). */
export async function manifestList(
  manifests: readonly TableManifest[],
  { location, snapshot, parent }: { location: string; snapshot: number; parent: number | null },
): Promise<Buffer> {
  const records = manifests.map(({ path, content, files }) => {
    const last = files.at(-1)?.run ?? 0
    const added = files.filter(({ run }) => run === last)
    return {
      manifest_path: `${location}/${path}`,
      manifest_length: content.length,
      partition_spec_id: 0,
      content: 0,
      sequence_number: last,
      min_sequence_number: files[0]?.run ?? 0,
      added_snapshot_id: last,
      added_files_count: added.length,
      existing_files_count: files.length - added.length,
      deleted_files_count: 0,
      added_rows_count: sumOf(added),
      existing_rows_count: sumOf(files) - sumOf(added),
      deleted_rows_count: 0,
      partitions: [
        {
          contains_null: false,
          contains_nan: false,
          lower_bound: int(Math.min(...files.map(({ day }) => dayNumber(day)))),
          upper_bound: int(Math.max(...files.map(({ day }) => dayNumber(day)))),
        },
      ],
    }
  })
  return await avroFile(LIST_SCHEMA, records, {
    'snapshot-id': String(snapshot),
    'parent-snapshot-id': String(parent),
    'sequence-number': String(snapshot),
    'format-version': '2',
  })
}

export function sumOf(files: readonly TableFile[]): number {
  return files.reduce((sum, { listens }) => sum + listens, 0)
}

/** A number padded for file names, so that they sort. */
export function padded(number: number): string {
  return String(number).padStart(8, '0')
}

async function manifest(files: readonly TableFile[], location: string): Promise<Buffer> {
  const last = files.at(-1)?.run
  const listenedAt = fieldId('listened_at')
  const records = files.map((file) => ({
    status: file.run === last ? ADDED : EXISTING,
    snapshot_id: file.run,
    sequence_number: file.run,
    file_sequence_number: file.run,
    data_file: {
      content: 0,
      file_path: `${location}/${dayFile(file.run, file.day)}`,
      file_format: 'PARQUET',
      partition: { stored_day: dayNumber(file.day) },
      record_count: file.listens,
      file_size_in_bytes: file.bytes,
      lower_bounds: [{ key: listenedAt, value: microseconds(file.firstListenedAt) }],
      upper_bounds: [{ key: listenedAt, value: microseconds(file.lastListenedAt) }],
    },
  }))
  return await avroFile(ENTRY_SCHEMA, records, {
    schema: JSON.stringify(SCHEMAS[SCHEMA_ID]),
    'schema-id': String(SCHEMA_ID),
    'partition-spec': JSON.stringify(PARTITION_FIELDS),
    'partition-spec-id': '0',
    'format-version': '2',
    content: 'data',
  })
}

function dayNumber(day: string): number {
  return Date.parse(day) / DAY_MS
}

// Single values are little-endian (specification, appendix D).
function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function microseconds(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(milliseconds) * 1000n)
  return bytes
}

const field = (id: number, name: string, type: unknown) => ({ name, type, 'field-id': id })
const optional = (id: number, name: string, type: unknown) => ({
  ...field(id, name, ['null', type]),
  default: null,
})

/** A map with number keys, which Avro can express only as an array. */
const bounds = (key: number, value: number) => ({
  type: 'array',
  logicalType: 'map',
  items: {
    type: 'record',
    name: `k${key}_v${value}`,
    fields: [field(key, 'key', 'int'), field(value, 'value', 'bytes')],
  },
})

const ENTRY_SCHEMA = {
  type: 'record',
  name: 'manifest_entry',
  fields: [
    field(0, 'status', 'int'),
    optional(1, 'snapshot_id', 'long'),
    optional(3, 'sequence_number', 'long'),
    optional(4, 'file_sequence_number', 'long'),
    field(2, 'data_file', {
      type: 'record',
      name: 'r2',
      fields: [
        field(134, 'content', 'int'),
        field(100, 'file_path', 'string'),
        field(101, 'file_format', 'string'),
        field(102, 'partition', {
          type: 'record',
          name: 'r102',
          fields: [optional(PARTITION_FIELD_ID, 'stored_day', { type: 'int', logicalType: 'date' })],
        }),
        field(103, 'record_count', 'long'),
        field(104, 'file_size_in_bytes', 'long'),
        optional(125, 'lower_bounds', bounds(126, 127)),
        optional(128, 'upper_bounds', bounds(129, 130)),
      ],
    }),
  ],
}

const LIST_SCHEMA = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    field(500, 'manifest_path', 'string'),
    field(501, 'manifest_length', 'long'),
    field(502, 'partition_spec_id', 'int'),
    field(517, 'content', 'int'),
    field(515, 'sequence_number', 'long'),
    field(516, 'min_sequence_number', 'long'),
    field(503, 'added_snapshot_id', 'long'),
    field(504, 'added_files_count', 'int'),
    field(505, 'existing_files_count', 'int'),
    field(506, 'deleted_files_count', 'int'),
    field(512, 'added_rows_count', 'long'),
    field(513, 'existing_rows_count', 'long'),
    field(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', {
      type: 'array',
      'element-id': 508,
      items: {
        type: 'record',
        name: 'r508',
        fields: [
          field(509, 'contains_null', 'boolean'),
          optional(518, 'contains_nan', 'boolean'),
          optional(510, 'lower_bound', 'bytes'),
          optional(511, 'upper_bound', 'bytes'),
        ],
      },
    }),
  ],
}
