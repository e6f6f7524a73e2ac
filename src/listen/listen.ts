import { type Static, type TObject, type TOptional, type TSchema, Type } from 'typebox'
import {
  type Field,
  type NameIn,
  type ObjectName,
  type ObjectOf,
  type OuterName,
  TOPIC_FIELDS,
  type TopicRow,
} from './fields.ts'
import { propertiesOf, type SchemaOf } from './properties.ts'

type Property<R extends TopicRow> = R extends { presence: 'required' } ? SchemaOf<R> : TOptional<SchemaOf<R>>

type Properties = { [R in TopicRow as OuterName<R>]: Property<R> } & {
  [Name in ObjectName]: TObject<{ [R in TopicRow as NameIn<Name, R>]: Property<R> }>
}

/**
 * The schema of an event on the topic, from which the decoder, the API and their documentation come. Producers may
 * leave out optional fields and may add fields of their own.
 */
export const ListenSchema = Type.Object(propertiesOf(TOPIC_FIELDS, schemaOf)) as TObject<Properties>

/** An event as a producer sends it; see {@link ListenSchema}. */
export type ListenEvent = Static<typeof ListenSchema>

/** A decoded listen: the event with everything filled in that can be derived. An unknown text is empty. */
export type Listen = ObjectOf<TopicRow>

function schemaOf(field: Field): TSchema {
  const { description, presence, nullable } = field
  const schema = nullable
    ? Type.Union([valueSchema(field), Type.Null()], { description })
    : valueSchema(field, { description })
  return presence === 'required' ? schema : Type.Optional(schema)
}

function valueSchema(field: Field, described: { description?: string } = {}): TSchema {
  const { kind, presence, maxLength, minimum, above, maximum, step } = field
  if (kind === 'boolean') return Type.Boolean(described)
  if (kind === 'text')
    return Type.String({
      ...(presence === 'required' ? { minLength: 1 } : {}),
      ...(maxLength === undefined ? {} : { maxLength }),
      ...described,
    })
  return Type.Number({
    ...(minimum === undefined ? {} : { minimum }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(step === undefined ? {} : { multipleOf: step }),
    ...described,
  })
}
