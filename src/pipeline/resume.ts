import type { Logger } from 'pino'
import type { OffsetRange } from '../store/absent-offsets.ts'
import type { ResumePoint } from '../store/resume.ts'
import type { PipelineMetrics } from './metrics.ts'

/** Where reading of one partition begins, and what of it cannot be read. */
export interface Start {
  partition: number
  position: number
  /** What the store had and has lost; it is read again as far as the topic holds it. */
  lost: readonly OffsetRange[]
  /** How far the store is behind the offset that the group has committed. */
  behind: number
  /** What the topic no longer holds, though it had been promised. */
  missing: readonly OffsetRange[]
  /** What the topic does not hold, promised or not. */
  absent: readonly OffsetRange[]
}

const SHOWN_RANGES = 20

/** What the store knows of a partition of which it has nothing. */
export const NOTHING: ResumePoint = { stored: -1, indexed: -1, handled: -1, lost: [] }

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
  return {
    partition,
    position: Math.max(position, earliest),
    lost,
    behind: Math.max(0, (committed ?? next) - next),
    missing: promised ? absent : [],
    absent,
  }
}

/** Says what is unusual about a start, for the operator: what is read again, and what can never be read. */
export function reportStart(
  { partition, position, lost, behind, missing }: Start,
  { log, metrics }: { log: Logger; metrics: Pick<PipelineMetrics, 'lost' | 'missing'> },
): void {
  if (behind > 0)
    log.warn({ partition, position, behind }, 'the store is behind the committed offset; reading again')
  if (lost.length > 0) {
    const count = lost.reduce((sum, { from, to }) => sum + to - from, 0)
    const ranges = lost.slice(0, SHOWN_RANGES).map(({ from, to }) => `${from}-${to - 1}`)
    metrics.lost.inc(count)
    log.warn(
      { partition, lost: count, ranges },
      'the store does not hold these offsets, but later ones; reading again',
    )
  }
  for (const { from, to } of missing) {
    metrics.missing.inc(to - from)
    log.error(
      { partition, from, to, missing: to - from },
      'the topic no longer holds these offsets; what they held is not in the store',
    )
  }
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
