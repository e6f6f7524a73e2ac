import { ListenSchema } from '../../listen/listen.ts'

/** What is read of a JSON Schema here. */
interface JsonSchema {
  type?: string
  anyOf?: readonly JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
}

/** A schema as Kafka Connect's JsonConverter takes it in `schema.content`. */
export interface ConnectSchema {
  type: 'struct' | 'string' | 'bytes' | 'boolean'
  optional: boolean
  field?: string
  name?: string
  version?: number
  parameters?: Record<string, string>
  fields?: ConnectSchema[]
}

/**
 * How many decimals the converter gives a number that was sent as a text, by which the rules know it. The converter reads
 * such a text as the bytes of a decimal. For a double it would take it for 0.
 */
export const SENT_AS_TEXT = 9_999

const NUMBER = {
  type: 'bytes',
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: { scale: String(SENT_AS_TEXT) },
} as const
const TYPES = { string: { type: 'string' }, number: NUMBER, boolean: { type: 'boolean' } } as const

/**
 * The schema of a listen for Kafka Connect, out of the one that everything else comes from. It knows types, and which
 * fields must be there; the other rules of an event are in `rules.ts`.
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-1054%3A+Support+external+schema+in+JSONConverter
 */
export function eventSchema(): ConnectSchema {
  return { ...convert(ListenSchema as JsonSchema, false), name: 'playhead.listen' }
}

function convert(schema: JsonSchema, optional: boolean): ConnectSchema {
  const { anyOf, properties, required = [] } = schema
  if (anyOf !== undefined) {
    const [one] = anyOf.filter(({ type }) => type !== 'null')
    return convert(one ?? {}, optional || anyOf.some(({ type }) => type === 'null'))
  }
  if (properties !== undefined)
    return {
      type: 'struct',
      optional,
      fields: Object.entries(properties).map(([field, of]) => ({
        ...convert(of, !required.includes(field)),
        field,
      })),
    }
  const type = TYPES[schema.type as keyof typeof TYPES]
  if (type === undefined) throw new Error(`Kafka Connect has no type for ${JSON.stringify(schema)}`)
  return { ...type, optional }
}
