import { isUtf8 } from 'node:buffer'

/**
 * A header of a record that may be sent again and must be stored once: of all records with the same key the first one
 * that is stored counts, and the others are dropped.
 */
export const ONCE_HEADER = 'playhead.once'

/** Begins the text of a key that is not text itself. */
const BYTES = 'playhead.bytes:'

/**
 * The key of that header as text, which the store keeps; empty where a record has none. Different bytes give different
 * texts: a key that is UTF-8 is itself, any other one is written in hexadecimal.
 */
export function onceKeyOf(headers: readonly (readonly [Buffer | null, Buffer | null])[]): string {
  for (const [name, value] of headers)
    if (name?.toString() === ONCE_HEADER && value !== null && value.length > 0) return textOf(value)
  return ''
}

function textOf(key: Buffer): string {
  const text = isUtf8(key) ? key.toString() : BYTES
  return text.startsWith(BYTES) ? BYTES + key.toString('hex') : text
}

/** A header with the dead letter that a record is a copy of: `topic id/partition/offset` of the source. */
export const REDRIVEN_FROM_HEADER = 'playhead.redriven_from'
