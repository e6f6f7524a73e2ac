import { ListenSchema } from '../listen/listen.ts'

/** What is read of a JSON Schema here. */
interface JsonSchema {
  type?: string
  anyOf?: readonly JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
}

/** A schema as Kafka Connect's JsonConverter takes it in `schema.content`. */
export interface ConnectSchema {
  type: 'struct' | 'string' | 'double' | 'boolean'
  optional: boolean
  field?: string
  name?: string
  fields?: ConnectSchema[]
}

const TYPES = { string: 'string', number: 'double', integer: 'double', boolean: 'boolean' } as const

/**
 * The schema of a listen for Kafka Connect, out of the one that everything else comes from. It knows types, and which
 * fields must be there; the other rules of an event it cannot say.
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
  return { type, optional }
}
