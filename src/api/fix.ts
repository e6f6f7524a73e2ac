import { isUtf8 } from 'node:buffer'
import { type Static, Type } from 'typebox'
import { type Field, TOPIC_FIELDS } from '../listen/fields.ts'

const KINDS = {
  text: Type.String({ maxLength: 2_000 }),
  number: Type.Number(),
  time: Type.Number(),
  boolean: Type.Boolean(),
} as const

const schemaOf = ({ kind, nullable }: Field) =>
  nullable ? Type.Union([KINDS[kind], Type.Null()]) : KINDS[kind]

/** New values for fields of an event, each of its field's type; a nested field is written as `location.city`. */
export const FixSchema = Type.Object(
  Object.fromEntries(TOPIC_FIELDS.map((field) => [field.path, Type.Optional(schemaOf(field))])),
  { additionalProperties: false, minProperties: 1 },
)

export type Fix = Static<typeof FixSchema>

/** The JSON object in some bytes with fields changed; null where they hold no JSON object. */
export function applyFix(bytes: Buffer | null, fix: Fix): Buffer | null {
  const event = bytes !== null && isUtf8(bytes) ? parse(bytes.toString()) : null
  if (!isObject(event)) return null
  for (const [path, value] of Object.entries(fix)) {
    const [field = '', inner] = path.split('.')
    if (inner === undefined) event[field] = value
    else event[field] = { ...(isObject(event[field]) ? event[field] : {}), [inner]: value }
  }
  return Buffer.from(JSON.stringify(event))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
