import { CLOCK_TOLERANCE_SECONDS, EARLIEST_TIMESTAMP } from '../listen/decode.ts'
import { ListenSchema } from '../listen/listen.ts'

/** What is read of a JSON Schema here. */
interface JsonSchema {
  type?: string
  anyOf?: readonly JsonSchema[]
  properties?: Record<string, JsonSchema>
  minLength?: number
  maxLength?: number
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
}

/**
 * A transform that every connector begins with: it refuses what has the types of a listen and yet is none. Without it, a text
 * that a system cannot hold, such as one with a NUL character, would be tried for ever and hold all others up. Connect puts a
 * refused record into the connector's dead letters, with the reason.
 * @see https://debezium.io/documentation/reference/stable/transformations/filtering.html
 */
export function rulesTransform(): Record<string, string> {
  return {
    type: 'io.debezium.transforms.Filter',
    language: 'jsr223.groovy',
    // Of a record without a value too.
    'null.handling.mode': 'evaluate',
    condition: condition(),
  }
}

/** In Groovy, out of the one schema. It throws `code: what is wrong`, with the codes of `src/listen/reason.ts`. */
function condition(): string {
  return [
    "refuse = { code, what -> throw new IllegalArgumentException(code + ': ' + what) }",
    "if (value == null) refuse('tombstone', 'The record has no value.')",
    TEXT,
    NUMBER,
    ...checks(ListenSchema as JsonSchema, 'value', ''),
    "if (value.get('listen_position') > value.get('duration_seconds')) refuse('position_past_duration', 'listen_position')",
    `if (value.get('timestamp') < ${EARLIEST_TIMESTAMP}d) refuse('timestamp_too_early', 'timestamp')`,
    `if (value.get('timestamp') > System.currentTimeMillis() / 1000d + ${CLOCK_TOLERANCE_SECONDS}) refuse('timestamp_too_late', 'timestamp')`,
    'true',
  ].join('\n')
}

const TEXT = `text = { field, it, shortest, longest ->
  if (it == null) return
  if (it.length() < shortest) refuse('empty_field', field)
  if (it.length() > longest && it.codePointCount(0, it.length()) > longest) refuse('too_long', field)
  if (it.indexOf(0) >= 0) refuse('nul_character', field)
  if (!java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(it)) refuse('unpaired_surrogate', field)
}`

const NUMBER = `number = { field, it, least, above, most, halves ->
  if (it == null) return
  if (it.isInfinite() || it.isNaN()) refuse('not_finite', field)
  if (it < least || it <= above || it > most || (halves && it * 2 != Math.rint(it * 2))) refuse('out_of_range', field)
}`

function checks(schema: JsonSchema, struct: string, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const field = `${path}${name}`
    const rule = of.anyOf?.find(({ type }) => type !== 'null') ?? of
    const value = `${struct}.get('${name}')`
    if (rule.properties !== undefined) return checks(rule, value, `${field}.`)
    if (rule.type === 'string')
      return [`text('${field}', ${value}, ${rule.minLength ?? 0}, ${rule.maxLength ?? 'Integer.MAX_VALUE'})`]
    if (rule.type !== 'number') return []
    const { minimum, exclusiveMinimum, maximum } = rule
    const bounds = [
      minimum ?? '-Double.MAX_VALUE',
      exclusiveMinimum ?? 'Double.NEGATIVE_INFINITY',
      maximum ?? 'Double.MAX_VALUE',
    ]
    return [`number('${field}', ${value}, ${bounds.join(', ')}, ${'multipleOf' in rule})`]
  })
}
