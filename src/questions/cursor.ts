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

/** Milliseconds since 1970 that the table can hold, and more. */
const LATEST = 1e13
const LAST_PARTITION = 0xffff_ffff

/** Whether a cursor's key is a value of the sort's type. */
function isKey(key: unknown, type: string): key is string | number {
  if (type === 'String') return typeof key === 'string'
  if (type === 'UInt8') return key === 0 || key === 1
  return type === 'Int64' ? Number.isSafeInteger(key) : Number.isFinite(key)
}

const isWhole = (value: unknown, most: number) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most

/**
 * Reads a cursor back.
 * @param type the type of the sort's key in SQL
 * @throws Failure BAD_CURSOR
 */
export function decodeCursor(text: string, sort: string, order: string, type: string): Cursor {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    parts = null
  }
  if (Array.isArray(parts)) {
    const [ofSort, ofOrder, key, listenedAt, topicId, partition, offset] = parts
    if (
      ofSort === sort &&
      ofOrder === order &&
      isKey(key, type) &&
      isWhole(listenedAt, LATEST) &&
      typeof topicId === 'string' &&
      UUID.test(topicId) &&
      isWhole(partition, LAST_PARTITION) &&
      isWhole(offset, Number.MAX_SAFE_INTEGER)
    )
      return { key, listenedAt, topicId, partition, offset }
  }
  throw new Failure(
    'BAD_CURSOR',
    'cursor must be the `next` of a page with the same sort and order; leave it out to begin again.',
  )
}
