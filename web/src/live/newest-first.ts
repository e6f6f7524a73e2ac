import type { StoredListen } from '../../../src/listen/stored.ts'

const newer = (a: StoredListen, b: StoredListen) => b.timestamp - a.timestamp

/**
 * Arrived listens put among those of the loaded pages, newest first, each id once. Events may arrive late, so a new
 * one is not always at the top; one older than everything loaded is left to the page it belongs to.
 */
export function mergeNewestFirst(
  arrived: readonly StoredListen[],
  loaded: readonly StoredListen[],
  complete: boolean,
): readonly StoredListen[] {
  if (arrived.length === 0) return loaded
  const known = new Set(loaded.map((listen) => listen.id))
  const oldest = complete ? -Infinity : (loaded.at(-1)?.timestamp ?? -Infinity)
  const added = arrived.filter((listen) => !known.has(listen.id) && listen.timestamp >= oldest).sort(newer)
  if (added.length === 0) return loaded
  const merged: StoredListen[] = []
  let next = 0
  for (const listen of loaded) {
    for (let late = added[next]; late && late.timestamp >= listen.timestamp; late = added[next]) {
      merged.push(late)
      next += 1
    }
    merged.push(listen)
  }
  return merged.concat(added.slice(next))
}
