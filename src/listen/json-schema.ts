import { EARLIEST_TIMESTAMP } from './decode.ts'
import { ListenSchema } from './listen.ts'
import type { Reason } from './reason.ts'

/** A schema as JSON, such as other programs read it. */
export type JsonSchema = Record<string, unknown>

/**
 * What is wrong with a record and cannot be told by JSON Schema, with the reason why it cannot. A value that the schema
 * accepts can only be refused for one of these.
 */
export const BEYOND_JSON_SCHEMA: Partial<Record<Reason, string>> = {
  tombstone: 'There is no value to be judged.',
  record_too_large: 'A schema sees the value, not the bytes that it was written in.',
  not_utf8: 'What is no text is no JSON.',
  not_json: 'What is no JSON has no schema.',
  not_finite:
    'JSON has numbers of any size; that they are kept as 64-bit floats is not a rule of the format.',
  unpaired_surrogate: 'Many parsers replace half of a surrogate pair before a schema sees it.',
  position_past_duration: 'One field cannot be compared with another.',
  timestamp_too_late: 'A schema knows no clock.',
}

/** As the characters themselves and not as an escape, which not every dialect of regular expressions has. */
const WITHOUT_NUL = '^[^\u0000]*$'

/**
 * The event as a JSON Schema, made of the one schema and of what of the decoder's further rules JSON Schema can say. It uses
 * only what drafts 7 and 2020-12 have in common.
 * @returns a new object, without `$schema`, so that it can be put inside another document
 */
export function listenJsonSchema(): JsonSchema {
  const schema = withoutNul(JSON.parse(JSON.stringify(ListenSchema)) as JsonSchema)
  const properties = schema['properties'] as Record<string, JsonSchema>
  properties['timestamp'] = { ...properties['timestamp'], minimum: EARLIEST_TIMESTAMP }
  return {
    title: 'Listen',
    description:
      'One play of one track. Fields that are not listed are allowed and ignored. Two rules cannot be said here: listen_position is at most duration_seconds, and timestamp at most an hour ahead.',
    ...schema,
  }
}

/** {@link listenJsonSchema} as a document of its own, of draft 2020-12. */
export function listenJsonSchemaDocument(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:playhead:listen',
    ...listenJsonSchema(),
  }
}

function withoutNul(schema: JsonSchema): JsonSchema {
  if (schema['type'] === 'string') return { ...schema, pattern: WITHOUT_NUL }
  const properties = schema['properties']
  if (properties === undefined) return schema
  const inner = Object.entries(properties as Record<string, JsonSchema>)
  return { ...schema, properties: Object.fromEntries(inner.map(([name, rule]) => [name, withoutNul(rule)])) }
}
