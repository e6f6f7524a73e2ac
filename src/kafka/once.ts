/**
 * A header by which a record says that it may be sent again and must be stored once: of all records with the same key
 * the first one that is stored counts, and the others are dropped.
 */
export const ONCE_HEADER = 'playhead.once'

/** The key of that header; empty where a record has none. */
export function onceKeyOf(headers: readonly (readonly [Buffer | null, Buffer | null])[]): string {
  for (const [name, value] of headers) if (name?.toString() === ONCE_HEADER) return value?.toString() ?? ''
  return ''
}
