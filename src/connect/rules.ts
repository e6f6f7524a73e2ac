import { CLOCK_TOLERANCE_SECONDS, EARLIEST_TIMESTAMP } from '../listen/decode.ts'
import { ListenSchema } from '../listen/listen.ts'
import { SENT_AS_TEXT } from './event-schema.ts'

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
 * Transforms that every connector begins with, as settings of it. `rules` refuses what has the shape of a listen and yet is
 * none. Without it, a text that a system cannot hold, such as one with a NUL character, would be tried for ever and hold all
 * others up. Connect puts a refused record into the connector's dead letters, with the reason. `numbers` makes doubles of
 * what {@link SENT_AS_TEXT} is needed for.
 * @param own the connector's own transforms, by name with commas between
 * @see https://debezium.io/documentation/reference/stable/transformations/filtering.html
 */
export function listenTransforms(own: string | undefined): Record<string, string> {
  const numbers = Object.entries(ListenSchema.properties).filter(([, of]) => isNumber(of as JsonSchema))
  return {
    transforms: ['rules', 'numbers', ...(own ? [own] : [])].join(','),
    'transforms.rules.type': 'io.debezium.transforms.Filter',
    'transforms.rules.language': 'jsr223.groovy',
    // Of a record without a value too.
    'transforms.rules.null.handling.mode': 'evaluate',
    'transforms.rules.condition': condition(),
    'transforms.numbers.type': 'org.apache.kafka.connect.transforms.Cast$Value',
    'transforms.numbers.spec': numbers.map(([name]) => `${name}:float64`).join(','),
  }
}

/** What a field holds where it is not null. */
const ruleOf = (schema: JsonSchema) => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema
const isNumber = (schema: JsonSchema) => ruleOf(schema).type === 'number'

/** In Groovy, out of the one schema. It throws `code: what is wrong`, with the codes of `src/listen/reason.ts`. */
function condition(): string {
  return [
    "refuse = { code, what -> throw new IllegalArgumentException(code + ': ' + what) }",
    "if (value == null) refuse('tombstone', 'The record has no value.')",
    TEXT,
    NUMBER,
    ...checks(ListenSchema as JsonSchema, 'value', ''),
    "if (value.get('listen_position') > value.get('duration_seconds')) refuse('position_past_duration', 'listen_position')",
    "seconds = value.get('timestamp').doubleValue()",
    `if (seconds < ${EARLIEST_TIMESTAMP}) refuse('timestamp_too_early', 'timestamp')`,
    `if (seconds > System.currentTimeMillis() / 1000d + ${CLOCK_TOLERANCE_SECONDS}) refuse('timestamp_too_late', 'timestamp')`,
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

const NUMBER = `number = { field, decimal, least, above, most, halves ->
  if (decimal == null) return
  if (decimal.scale() == ${SENT_AS_TEXT}) refuse('wrong_type', field)
  double n = decimal.doubleValue()
  if (Double.isInfinite(n)) refuse('not_finite', field)
  if (n < least || n <= above || n > most || (halves && n * 2 != Math.rint(n * 2))) refuse('out_of_range', field)
}`

function checks(schema: JsonSchema, struct: string, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const field = `${path}${name}`
    const rule = ruleOf(of)
    const value = `${struct}.get('${name}')`
    if (rule.properties !== undefined) return checks(rule, value, `${field}.`)
    if (rule.type === 'string')
      return [`text('${field}', ${value}, ${rule.minLength ?? 0}, ${rule.maxLength ?? 'Integer.MAX_VALUE'})`]
    if (!isNumber(of)) return []
    const { minimum, exclusiveMinimum, maximum } = rule
    const bounds = [
      minimum ?? '-Double.MAX_VALUE',
      exclusiveMinimum ?? 'Double.NEGATIVE_INFINITY',
      maximum ?? 'Double.MAX_VALUE',
    ]
    return [`number('${field}', ${value}, ${bounds.join(', ')}, ${'multipleOf' in rule})`]
  })
}
