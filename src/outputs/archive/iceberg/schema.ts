import { ARCHIVE_COLUMNS, LAST_FIRST_ID } from '../columns.ts'

/** A column of the Iceberg schema. */
interface IcebergField {
  id: number
  name: string
  required: boolean
  type: string
}

const TYPES: Readonly<Record<string, string>> = {
  String: 'string',
  Int32: 'int',
  Int64: 'long',
  Float32: 'float',
  Float64: 'double',
  Bool: 'boolean',
  "DateTime64(6, 'UTC')": 'timestamptz',
}

/** The columns of the archive's files, by their permanent ids. */
export const FIELDS: readonly IcebergField[] = ARCHIVE_COLUMNS.map(({ id, name, type }) => {
  const bare = /^Nullable\((.*)\)$/.exec(type)?.[1]
  const iceberg = TYPES[bare ?? type]
  if (iceberg === undefined) throw new Error(`Iceberg has no type for ${name} ${type}`)
  return { id, name, required: bare === undefined, type: iceberg }
})

export const LAST_COLUMN_ID = Math.max(...FIELDS.map(({ id }) => id))

/** Every schema that the table has had, the current one last: each column that was added since the first made a new one. */
export const SCHEMAS = Array.from({ length: LAST_COLUMN_ID - LAST_FIRST_ID + 1 }, (_, added) => ({
  type: 'struct',
  'schema-id': added,
  fields: FIELDS.filter(({ id }) => id <= LAST_FIRST_ID + added),
}))
export const SCHEMA_ID = SCHEMAS.length - 1

export function fieldId(name: string): number {
  const field = FIELDS.find((one) => one.name === name)
  if (field === undefined) throw new Error(`the archive has no column ${name}`)
  return field.id
}

/** Maps columns by name, because the files have no column ids. */
export const NAME_MAPPING = FIELDS.map(({ id, name }) => ({ 'field-id': id, names: [name] }))

/** Partition by the day of storing (UTC), like the folders of the archive. */
export const PARTITION_FIELD_ID = 1000
export const PARTITION_FIELDS = [
  { name: 'stored_day', transform: 'day', 'source-id': fieldId('stored_at'), 'field-id': PARTITION_FIELD_ID },
]
