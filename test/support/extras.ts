import { EXTRA_FIELDS, type Field, readerOf } from '../../src/listen/fields.ts'
import type { ListenEvent } from '../../src/listen/listen.ts'

const EXTRAS: readonly Field[] = EXTRA_FIELDS

/** Values of the extra fields; each field is unknown in some listens. */
export function someExtras(pick: (values: readonly string[]) => string): Partial<ListenEvent> {
  const values = EXTRAS.map(({ path }) => [path, pick(['', `${path} 1`, `${path} 2 "é🎧"`])])
  return Object.fromEntries(values.filter(([, value]) => value !== ''))
}

/** The extra fields of an event as the store returns them. */
export function extrasOf(listen: ListenEvent): Record<string, unknown> {
  return Object.fromEntries(EXTRAS.map((field) => [field.path, readerOf(field)(listen) ?? '']))
}

/**
 * Columns and SQL for an INSERT of numbered rows, each with a leading comma. A third of the values
 * are unknown.
 */
export const EXTRA_NAMES = EXTRAS.map(({ column }) => `, ${column}`).join('')
export const EXTRA_VALUES = EXTRAS.map(
  ({ path }) => `, if(number % 3 = 0, '', concat('${path} é ', toString(number % 70)))`,
).join('')
