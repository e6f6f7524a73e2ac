import type { StoredEnds } from '../questions/stored-after.ts'

/**
 * How far somebody has followed what is stored. It says nothing about who was asked, so that a reader can go on with
 * another process that serves the same store.
 */
export interface LivePosition extends StoredEnds {
  /** Milliseconds since 1970 before which what was stored has most likely been seen. */
  since: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Writes a position as the id of a server-sent event. Opaque to clients. */
export function encodePosition({ since, rows, next }: LivePosition): string {
  return Buffer.from(JSON.stringify([since, rows, [...next]])).toString('base64url')
}

/** Reads a position back; null when the text is not one of ours, which then counts as a first visit. */
export function decodePosition(text: string): LivePosition | null {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return null
  }
  if (!Array.isArray(parts) || parts.length !== 3) return null
  const [since, rows, topics] = parts as [unknown, unknown, unknown]
  if (!Number.isSafeInteger(since) || !Number.isSafeInteger(rows)) return null
  if (!Array.isArray(topics) || topics.length > 16) return null
  const next = new Map<string, number[]>()
  for (const entry of topics) {
    if (!Array.isArray(entry) || entry.length !== 2) return null
    const [topicId, offsets] = entry as [unknown, unknown]
    if (typeof topicId !== 'string' || !UUID.test(topicId)) return null
    if (!Array.isArray(offsets) || offsets.length > 10_000) return null
    if (!offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0)) return null
    next.set(topicId, offsets as number[])
  }
  return { since: since as number, rows: rows as number, next }
}
