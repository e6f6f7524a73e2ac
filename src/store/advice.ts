const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /NOT_ENOUGH_SPACE|not enough space|No space left|ENOSPC/i,
    'the disk of the store is full; free some space on it',
  ],
  [/Read-only file system|EROFS|READ_?ONLY/i, 'the store is read-only; make its folder writable'],
  [/Permission denied|EACCES|ACCESS_DENIED/i, 'Playhead may not write to the store; grant it write access'],
  [/MEMORY_LIMIT_EXCEEDED/, 'the store is out of memory; end large queries, or give it more memory'],
  [/TOO_MANY_PARTS/, 'the store cannot merge fast enough; check its disk and processor'],
  [
    /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|socket hang up|timeout/i,
    'the store does not answer; check that its server runs and is reachable',
  ],
]

/**
 * Explains an error of the store: what is wrong and what to do. The engine's text may contain rows and
 * paths, so it is only logged.
 * @returns null for an unknown error
 */
export function adviceOn(error: unknown): string | null {
  const { type = '', message = String(error) } = error as { type?: string; message?: string }
  return KNOWN.find(([pattern]) => pattern.test(type) || pattern.test(message))?.[1] ?? null
}
