import { compile, literal } from './compile.ts'
import { TOPIC_FIELDS } from './fields.ts'
import type { Listen } from './listen.ts'

// JSON.stringify leaves out a key whose value is undefined.
const toEvent = compile<(listen: Listen) => object>(
  'listen',
  `(${literal(TOPIC_FIELDS, ({ path, presence }) => `listen.${path}${presence === 'extra' ? ' || undefined' : ''}`)})`,
)

/**
 * Encodes a listen as a record's value, from which `decodeListen` returns the same listen.
 *
 * The keys have the order that existing producers use. All fields of the original format are written, because its
 * consumers derive nothing; a listen without a rating has `"rating": null`. Extra fields are written when they are known.
 */
export function encodeListen(listen: Listen): Buffer {
  return Buffer.from(JSON.stringify(toEvent(listen)))
}
