const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /NOT_ENOUGH_SPACE|not enough space|No space left|ENOSPC/i,
    'the disk of the store is full; free some space on it',
  ],
  [/Read-only file system|EROFS|READ_?ONLY/i, 'the store can only be read; make its folder writable again'],
  [/Permission denied|EACCES|ACCESS_DENIED/i, 'the store may not be written; give Playhead the right to'],
  [
    /MEMORY_LIMIT_EXCEEDED/,
    'the store has no memory left for it; end what takes the memory, or give the store more',
  ],
  [/TOO_MANY_PARTS/, 'the store cannot merge fast enough; see to its disk and processor'],
  [
    /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|socket hang up|timeout/i,
    'the store does not answer; see whether its server runs and can be reached',
  ],
]

/**
 * What is wrong with the store and what to do, from an error of it. The engine's own text may hold rows and paths, so it
 * is for the log; this is for people.
 * @returns null where the error is none of those that are known
 */
export function adviceOn(error: unknown): string | null {
  const { type = '', message = String(error) } = error as { type?: string; message?: string }
  return KNOWN.find(([pattern]) => pattern.test(type) || pattern.test(message))?.[1] ?? null
}
