import { COLUMN_TYPES } from '../columns.ts'

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

/** The columns of the archive's files. An added column gets the next id; ids never change. */
export const FIELDS: readonly IcebergField[] = COLUMN_TYPES.map(([name, type], at) => {
  const bare = /^Nullable\((.*)\)$/.exec(type)?.[1]
  const iceberg = TYPES[bare ?? type]
  if (iceberg === undefined) throw new Error(`Iceberg has no type for ${name} ${type}`)
  return { id: at + 1, name, required: bare === undefined, type: iceberg }
})

export const SCHEMA = { type: 'struct', 'schema-id': 0, fields: FIELDS }

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
