import { isUtf8 } from 'node:buffer'
import { Compile } from 'typebox/compile'
import { compile, literal } from './compile.ts'
import { isCompleted } from './derive.ts'
import { readerOf, TOPIC_FIELDS } from './fields.ts'
import { type Listen, type ListenEvent, ListenSchema } from './listen.ts'
import type { Reason } from './reason.ts'

/** The largest value that is looked at, in bytes (Kafka's own default limit of a record). */
export const MAX_VALUE_BYTES = 1_048_576

/** The earliest play that is believed: 2002-01-01, the year in which scrobbling began. Seconds since 1970. */
export const EARLIEST_TIMESTAMP = Date.UTC(2002, 0, 1) / 1000

/** How far a producer's clock may be ahead of this one, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 3600

/** A record's value that is no listen: the code, the field it is about (if it is about one), and what was wrong. */
export interface Rejection {
  ok: false
  reason: Reason
  /** The field as a path such as `location.city`, or null where the record as a whole is at fault. */
  field: string | null
  /** One sentence for a person. Never holds the producer's text, only field names, types, lengths and numbers. */
  message: string
}

export type Decoded = { ok: true; listen: Listen } | Rejection

const schema = Compile(ListenSchema)

/**
 * Reads a record's value as a listen and fills in what can be derived.
 *
 * The usual case costs one JSON.parse and one compiled check. Only when that fails is the value looked at again,
 * field by field, to find the reason. Of several reasons the first in this order is given: the record as a whole,
 * a missing field, a wrong type, a value out of bounds, two fields that contradict each other; and among fields the
 * first in the order of the schema.
 * @param now the time against which a timestamp is in the future, in milliseconds since 1970
 * @param complete fills in fields of an object before it is judged
 */
export function decodeListen(
  value: Buffer | null,
  now: number,
  complete?: (event: Record<string, unknown>) => void,
): Decoded {
  if (value === null) return rejection('tombstone', null, 'The record has no value.')
  if (value.length > MAX_VALUE_BYTES)
    return rejection(
      'record_too_large',
      null,
      `The value may have ${MAX_VALUE_BYTES} bytes, but it has ${value.length}.`,
    )
  if (!isUtf8(value)) return rejection('not_utf8', null, `The value is not UTF-8 text${beginning(value)}.`)
  const text = value.toString('utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The parser's own message quotes the producer's text, so it is not passed on.
    return rejection('not_json', null, `The value is not JSON${beginning(value)}.`)
  }
  if (complete !== undefined && isObject(parsed)) complete(parsed)
  // NUL and half a surrogate pair can only be in the text as an escape: raw, one is not JSON, the other not UTF-8.
  const escaped = text.includes('\\u')
  if (schema.Check(parsed) && isConsistent(parsed, now) && !(escaped && hasForbiddenCharacter(parsed)))
    return { ok: true, listen: toListen(parsed, isCompleted) }
  return diagnose(parsed, now)
}

/** What the schema cannot say. */
function isConsistent(event: ListenEvent, now: number): boolean {
  return (
    event.listen_position <= event.duration_seconds &&
    event.timestamp >= EARLIEST_TIMESTAMP &&
    event.timestamp <= latestTimestamp(now) &&
    (event.rating === undefined || event.rating === null || isHalf(event.rating))
  )
}

const TEXTS = TOPIC_FIELDS.filter(({ kind }) => kind === 'text').map(readerOf)

function hasForbiddenCharacter(event: ListenEvent): boolean {
  return TEXTS.some((read) => {
    const text = read(event)
    return typeof text === 'string' && (text.includes('\0') || !text.isWellFormed())
  })
}

/** What a listen has where the event has nothing, where that is not an empty text. */
const DERIVED: Readonly<Record<string, string>> = {
  completed: 'event.completed ?? isCompleted(event.listen_position, event.duration_seconds)',
  is_skipped:
    'event.is_skipped ?? !(event.completed ?? isCompleted(event.listen_position, event.duration_seconds))',
}

/** Copies field by field, so that anything else in the event is left behind, a `__proto__` key included. */
const toListen = compile<(event: ListenEvent, completed: typeof isCompleted) => Listen>(
  'event, isCompleted',
  `(${literal(TOPIC_FIELDS, ({ path, kind, presence, nullable }) => {
    const value = `event.${path}`
    if (DERIVED[path] !== undefined) return DERIVED[path]
    // JSON has a negative zero, which is of no use in comparing and printing.
    if (kind === 'number') return nullable ? `${value} == null ? null : ${value} + 0` : `${value} + 0`
    return presence === 'required' ? value : `${value} ?? ''`
  })})`,
)

/** Stricter than the schema's multipleOf, which forgives a difference of 1e-10. */
function isHalf(rating: number): boolean {
  return Number.isInteger(rating * 2)
}

function latestTimestamp(now: number): number {
  return now / 1000 + CLOCK_TOLERANCE_SECONDS
}

interface Rule {
  type?: 'string' | 'number' | 'boolean' | 'object' | 'null'
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  multipleOf?: number
  anyOf?: Rule[]
  properties?: Record<string, Rule>
  required?: string[]
}

interface Field {
  path: readonly string[]
  name: string
  required: boolean
  nullable: boolean
  rule: Rule
}

/** The fields of the schema in its order, a nested one after the object that holds it: what `diagnose` walks along. */
function fieldsOf(object: Rule, parents: readonly string[] = []): Field[] {
  return Object.entries(object.properties ?? {}).flatMap(([key, rule]) => {
    const path = [...parents, key]
    const alternatives = rule.anyOf ?? [rule]
    const field: Field = {
      path,
      name: path.join('.'),
      required: object.required?.includes(key) ?? false,
      nullable: alternatives.some(({ type }) => type === 'null'),
      rule: alternatives.find(({ type }) => type !== 'null') ?? rule,
    }
    return [field, ...fieldsOf(field.rule, path)]
  })
}

const FIELDS = fieldsOf(ListenSchema)

/** The second look at a value that failed the compiled check, to say which reason comes first. */
function diagnose(value: unknown, now: number): Rejection {
  if (!isObject(value))
    return rejection('not_an_object', null, `The value must be an object, but it is ${kindOf(value)}.`)
  return (
    first((field) => missing(field, value)) ??
    first((field) => wrongType(field, at(value, field.path))) ??
    first((field) => outOfBounds(field, at(value, field.path), now)) ??
    pastDuration(value) ??
    // Only a rule of the schema that is unknown here could lead to this line; the record is a dead letter all the same.
    rejection('wrong_type', null, 'The value does not match the schema of a listen.')
  )
}

function first(look: (field: Field) => Rejection | undefined): Rejection | undefined {
  for (const field of FIELDS) {
    const found = look(field)
    if (found !== undefined) return found
  }
  return undefined
}

function missing({ path, name, required }: Field, value: Record<string, unknown>): Rejection | undefined {
  if (!required || at(value, path) !== undefined) return undefined
  // Inside something that is no object nothing can be missing: that something has the wrong type.
  if (path.length > 1 && !isObject(at(value, path.slice(0, -1)))) return undefined
  return rejection('missing_field', name, `${name} is missing.`)
}

function wrongType({ name, nullable, rule }: Field, value: unknown): Rejection | undefined {
  if (value === undefined || (nullable && value === null)) return undefined
  if (rule.type === 'object' ? isObject(value) : typeof value === rule.type) return undefined
  const expected = `${rule.type === 'object' ? 'an' : 'a'} ${rule.type}${nullable ? ' or null' : ''}`
  return rejection('wrong_type', name, `${name} must be ${expected}, but it is ${kindOf(value)}.`)
}

function outOfBounds(field: Field, value: unknown, now: number): Rejection | undefined {
  if (typeof value === 'string') return badText(field, value)
  if (typeof value === 'number') return badNumber(field, value) ?? badTimestamp(field, value, now)
  return undefined
}

function badText({ name, rule }: Field, text: string): Rejection | undefined {
  if (text.length < (rule.minLength ?? 0)) return rejection('empty_field', name, `${name} is empty.`)
  const limit = rule.maxLength ?? Number.POSITIVE_INFINITY
  // In code points, as JSON Schema counts.
  const length = text.length > limit ? Array.from(text).length : text.length
  if (length > limit)
    return rejection('too_long', name, `${name} may have ${limit} characters, but it has ${length}.`)
  if (text.includes('\0')) return rejection('nul_character', name, `${name} contains a NUL character.`)
  if (!text.isWellFormed())
    return rejection('unpaired_surrogate', name, `${name} contains half of a surrogate pair.`)
  return undefined
}

function badNumber({ name, rule }: Field, number: number): Rejection | undefined {
  if (!Number.isFinite(number)) return rejection('not_finite', name, `${name} is too large to represent.`)
  const { minimum, maximum, exclusiveMinimum, multipleOf } = rule
  if (multipleOf !== undefined) {
    const [least = 0, most = Number.POSITIVE_INFINITY] = [minimum, maximum]
    if (number >= least && number <= most && isHalf(number)) return undefined
    return rejection(
      'out_of_range',
      name,
      `${name} must be from ${least} to ${most} in steps of ${multipleOf}, but it is ${number}.`,
    )
  }
  if (number < (minimum ?? exclusiveMinimum ?? number))
    return rejection('negative_number', name, `${name} must not be negative, but it is ${number}.`)
  if (exclusiveMinimum !== undefined && number <= exclusiveMinimum)
    return rejection('out_of_range', name, `${name} must be more than ${exclusiveMinimum}.`)
  if (maximum === undefined || number <= maximum) return undefined
  return rejection(
    'out_of_range',
    name,
    `${name} must be at most ${maximum} seconds (24 hours), but it is ${number}.${hintOf(number / 1000 <= maximum)}`,
  )
}

const hintOf = (isMilliseconds: boolean) =>
  isMilliseconds ? ' It looks like milliseconds; seconds are expected.' : ''

function badTimestamp({ name }: Field, seconds: number, now: number): Rejection | undefined {
  if (name !== 'timestamp') return undefined
  if (seconds < EARLIEST_TIMESTAMP)
    return rejection('timestamp_too_early', name, `timestamp is before 2002-01-01 UTC: ${seconds}.`)
  if (seconds <= latestTimestamp(now)) return undefined
  const milliseconds = seconds / 1000 >= EARLIEST_TIMESTAMP && seconds / 1000 <= latestTimestamp(now)
  return rejection(
    'timestamp_too_late',
    name,
    `timestamp is more than an hour in the future: ${seconds}.${hintOf(milliseconds)}`,
  )
}

function pastDuration(value: Record<string, unknown>): Rejection | undefined {
  const { listen_position: position, duration_seconds: duration } = value
  if (typeof position !== 'number' || typeof duration !== 'number' || position <= duration) return undefined
  return rejection(
    'position_past_duration',
    'listen_position',
    `listen_position must be at most duration_seconds (${duration}), but it is ${position}.`,
  )
}

function rejection(reason: Reason, field: string | null, message: string): Rejection {
  return { ok: false, reason, field, message }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path, by own keys only: a field's name must never reach what an object inherits. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A hint for the two formats that people send by mistake, told from the first bytes. */
function beginning(value: Buffer): string {
  if (value.length === 0) return ': it is empty'
  if (value[0] === 0) return ': it begins with a zero byte, as values written with a schema registry do'
  if (value[0] === 0x1f && value[1] === 0x8b) return ': it is compressed with gzip'
  if (value[0] === 0xef && value[1] === 0xbb) return ': it begins with a byte order mark'
  return ''
}
