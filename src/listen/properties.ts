import {
  type TBoolean,
  type TNull,
  type TNumber,
  type TObject,
  type TSchema,
  type TString,
  type TUnion,
  Type,
} from 'typebox'
import type { Field, NameIn, ObjectName, OuterName, Row } from './fields.ts'

/** The schema of what a field holds. */
export type SchemaOf<R extends Row> = R extends { kind: 'text' }
  ? TString
  : R extends { kind: 'boolean' }
    ? TBoolean
    : R extends { nullable: true }
      ? TUnion<[TNumber, TNull]>
      : TNumber

/** The properties of an object schema with these fields. */
export type PropertiesOf<R extends Row> = { [One in R as OuterName<One>]: SchemaOf<One> } & {
  [Name in ObjectName]: TObject<{ [One in R as NameIn<Name, One>]: SchemaOf<One> }>
}

/** Makes the properties of an object schema from fields; those with a dot go into an object. */
export function propertiesOf(
  fields: readonly Field[],
  schemaOf: (field: Field) => TSchema,
): Record<string, TSchema> {
  const properties: Record<string, TSchema> = {}
  for (const field of fields) {
    const [name = '', inner] = field.path.split('.')
    if (inner === undefined) properties[name] = schemaOf(field)
    else properties[name] ??= Type.Object(propertiesOf(inside(fields, name), schemaOf))
  }
  return properties
}

/** The fields of an object, by their names within it. */
function inside(fields: readonly Field[], object: string): Field[] {
  return fields.flatMap((field) =>
    field.path.startsWith(`${object}.`) ? [{ ...field, path: field.path.slice(object.length + 1) }] : [],
  )
}
