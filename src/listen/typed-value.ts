import { type Field, TOPIC_FIELDS } from './fields.ts'

const BY_PATH = new Map<string, Field>(TOPIC_FIELDS.map((field) => [field.path, field]))
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** The value of a field, as typed by a person. */
export type TypedValue = string | number | boolean | null

/** Whether a field of an event can be given a value by its path, such as `location.city`. */
export const isSettable = (path: string): boolean => BY_PATH.has(path)

/**
 * Reads text as a value of a field's type: `200` is a number for `duration_seconds` and a text for `title`.
 * @returns undefined when the text is not of the field's type, or there is no such field
 */
export function typedValue(path: string, text: string): TypedValue | undefined {
  const field = BY_PATH.get(path)
  if (field === undefined || field.kind === 'text') return field && text
  const trimmed = text.trim()
  if (field.nullable === true && trimmed === 'null') return null
  if (field.kind === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined
  return NUMBER.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined
}

/** The type of a field's value in words, such as `a number or null`. */
export function typeOf(path: string): string {
  const field = BY_PATH.get(path)
  const word = field?.kind === 'boolean' ? 'true or false' : field?.kind === 'text' ? 'text' : 'a number'
  return field?.nullable === true ? `${word} or null` : word
}
