import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { FIELDS, type Field, type Row } from './fields.ts'
import { type PropertiesOf, propertiesOf } from './properties.ts'

const place = {
  id: Type.String({ description: 'Stable identity: the place of the record in Kafka' }),
  stored_at: Type.Number({ description: 'When it was stored, in seconds since 1970 (UTC)' }),
  partition: Type.Integer({ description: 'Kafka partition' }),
  offset: Type.Integer({ description: 'Kafka offset in that partition' }),
}
const { id, ...rest } = place

/** A listen as the store holds it and the API returns it: the fields of the topic, derived ones, and its place in Kafka. */
export const StoredListenSchema = Type.Object({
  id,
  ...propertiesOf(FIELDS, schemaOf),
  ...rest,
}) as TObject<PropertiesOf<Row> & typeof place>

export type StoredListen = Static<typeof StoredListenSchema>

/** Without limits: a stored listen has passed them. */
function schemaOf({ kind, nullable, description }: Field): TSchema {
  if (kind === 'text') return Type.String({ description })
  if (kind === 'boolean') return Type.Boolean({ description })
  if (nullable) return Type.Union([Type.Number(), Type.Null()], { description })
  return Type.Number({ description })
}
