import { Failure } from '../runtime/failure.ts'
import type { ListenRow } from './row.ts'

/** The last row of a page, from which the next one goes on. */
export interface Cursor {
  key: string | number
  /** Milliseconds since 1970. */
  listenedAt: number
  topicId: string
  partition: number
  offset: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Writes the cursor of a page that ends with this row. Opaque to callers. */
export function encodeCursor(
  sort: string,
  order: string,
  [key, ...row]: [string | number, ...ListenRow],
): string {
  const [topicId, partition, offset, , listenedAt] = row
  return Buffer.from(JSON.stringify([sort, order, key, listenedAt, topicId, partition, offset])).toString(
    'base64url',
  )
}

/**
 * Reads a cursor back.
 * @throws Failure BAD_CURSOR
 */
export function decodeCursor(text: string, sort: string, order: string): Cursor {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    parts = null
  }
  if (Array.isArray(parts)) {
    const [ofSort, ofOrder, key, listenedAt, topicId, partition, offset] = parts
    const wholes = [listenedAt, partition, offset].every((value) => Number.isSafeInteger(value))
    const keyed = typeof key === 'string' || typeof key === 'number'
    if (
      wholes &&
      keyed &&
      typeof topicId === 'string' &&
      UUID.test(topicId) &&
      ofSort === sort &&
      ofOrder === order
    )
      return { key, listenedAt, topicId, partition, offset }
  }
  throw new Failure(
    'BAD_CURSOR',
    'cursor must be the `next` of a page with the same sort and order; leave it out to begin again.',
  )
}
