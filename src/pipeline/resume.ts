import type { OffsetRange } from '../store/absent-offsets.ts'
import type { ResumePoint } from '../store/resume.ts'

/** Where reading of one partition begins, and what of it cannot be read. */
export interface Start {
  position: number
  /** What the topic no longer holds, though it had been promised. */
  missing: readonly OffsetRange[]
  /** What the topic does not hold, promised or not. */
  absent: readonly OffsetRange[]
}

const NOTHING: ResumePoint = { stored: -1, indexed: -1, handled: -1, lost: [] }

/**
 * Decides where to begin: at what the group has committed or what the store has handled, whichever is less, and no later
 * than the first offset that the store has lost.
 * @param committed the group's offset; undefined when it has none
 * @param earliest the first offset that the topic still holds
 */
export function startOf(
  partition: number,
  { handled, lost }: ResumePoint = NOTHING,
  committed: number | undefined,
  earliest: number,
): Start {
  const next = handled + 1
  const position = Math.min(committed ?? next, next, lost[0]?.from ?? next)
  const absent = within([...lost, { partition, from: next, to: Infinity }], 0, earliest)
  // A new store that begins with what the topic still holds misses nothing that it was promised.
  const promised = next > 0 || committed !== undefined
  return { position: Math.max(position, earliest), missing: promised ? absent : [], absent }
}

/** What of some ranges lies from `from` up to before `to`. */
export function within(ranges: readonly OffsetRange[], from: number, to: number): OffsetRange[] {
  return ranges
    .map((range) => ({ ...range, from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from < range.to)
}

/** Whether an offset is one of those that the store has lost. */
export function isLost(lost: readonly OffsetRange[], offset: number): boolean {
  let [low, high] = [0, lost.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((lost[middle]?.to ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return (lost[low]?.from ?? Infinity) <= offset
}
