import { CLOCK_TOLERANCE_SECONDS, EARLIEST_TIMESTAMP } from '../../listen/decode.ts'
import { ListenSchema } from '../../listen/listen.ts'
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

/**
 * In Groovy, out of the one schema. It throws `code: field`, with the codes of `src/listen/reason.ts`. Compiled as Java would
 * be: looked up at each call, its names take most of the time that a listen takes.
 */
function condition(): string {
  return `import groovy.transform.CompileStatic
import java.nio.charset.StandardCharsets
import org.apache.kafka.connect.data.Struct

@CompileStatic
class Rules {
  static void refuse(String code, String field) {
    throw new IllegalArgumentException(code + ': ' + field)
  }
  static void text(String field, Object given, int shortest, int longest) {
    if (given == null) return
    String text = (String) given
    if (text.length() < shortest) refuse('empty_field', field)
    if (text.length() > longest && text.codePointCount(0, text.length()) > longest) refuse('too_long', field)
    if (text.indexOf(0) >= 0) refuse('nul_character', field)
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) refuse('unpaired_surrogate', field)
  }
  static double number(String field, Object given, double least, double above, double most, boolean halves) {
    if (given == null) return 0d
    BigDecimal decimal = (BigDecimal) given
    if (decimal.scale() == ${SENT_AS_TEXT}) refuse('wrong_type', field)
    double number = decimal.doubleValue()
    if (Double.isInfinite(number)) refuse('not_finite', field)
    if (number < least || number <= above || number > most) refuse('out_of_range', field)
    if (halves && number * 2d != Math.rint(number * 2d)) refuse('out_of_range', field)
    return number
  }
  static boolean hold(Struct value) {
    if (value == null) refuse('tombstone', 'value')
${checks(ListenSchema as JsonSchema, 'value', '')
  .map((check) => `    ${check}\n`)
  .join('')}\
    if (listen_position > duration_seconds) refuse('position_past_duration', 'listen_position')
    if (timestamp < ${EARLIEST_TIMESTAMP}d) refuse('timestamp_too_early', 'timestamp')
    if (timestamp > System.currentTimeMillis() / 1000d + ${CLOCK_TOLERANCE_SECONDS}d) refuse('timestamp_too_late', 'timestamp')
    return true
  }
}
Rules.hold((Struct) value)`
}

/** One check for each field; that of a number keeps it under its name. */
function checks(schema: JsonSchema, struct: string, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const field = `${path}${name}`
    const rule = ruleOf(of)
    if (rule.properties !== undefined) return checks(rule, `${struct}.getStruct('${name}')`, `${field}.`)
    const value = `${struct}.get('${name}')`
    if (rule.type === 'string')
      return [`text('${field}', ${value}, ${rule.minLength ?? 0}, ${rule.maxLength ?? 'Integer.MAX_VALUE'})`]
    if (!isNumber(of)) return []
    const { minimum, exclusiveMinimum, maximum } = rule
    const bounds = [
      minimum === undefined ? '-Double.MAX_VALUE' : `${minimum}d`,
      exclusiveMinimum === undefined ? 'Double.NEGATIVE_INFINITY' : `${exclusiveMinimum}d`,
      maximum === undefined ? 'Double.MAX_VALUE' : `${maximum}d`,
    ]
    return [`double ${name} = number('${field}', ${value}, ${bounds.join(', ')}, ${'multipleOf' in rule})`]
  })
}
