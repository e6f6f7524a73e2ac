import type { EpochStart } from '../kafka/epoch-watch.ts'
import type { OffsetRange } from '../store/absent-offsets.ts'
import type { ResumePoint } from '../store/resume.ts'
import { isLost, within } from './resume.ts'

/** What the pipeline knows about a partition that it holds. */
export interface PartitionState {
  /** Epoch in which the group assigned it. */
  readonly given: number
  /** Id under which it is stored: the topic's, or that of its lineage. */
  readonly topicId: string
  /** Its known leader epochs, by rising epoch. */
  readonly epochs: EpochStart[]
  /** What the store had of it when it was assigned. */
  readonly point: ResumePoint
  /** Next offset to handle: everything before it is stored, dead-lettered, or known to be absent. */
  handled: number
  /** Offset that the next record should have. */
  expected: number
  /** No unhandled record is older than this, in milliseconds since 1970; null before the first batch is stored. */
  reached: number | null
}

/** @param start offset at which reading begins */
export function partitionState(
  given: number,
  point: ResumePoint,
  start: number,
  { topicId = '', epochs = [] }: Partial<Pick<PartitionState, 'topicId' | 'epochs'>> = {},
): PartitionState {
  return { given, topicId, epochs, point, handled: start, expected: start, reached: null }
}

/** Returns whether the store holds a listen of this offset. */
export function isStored({ point }: PartitionState, offset: number): boolean {
  return offset <= point.stored && !isLost(point.lost, offset)
}

/** Returns whether the index of dead letters holds this offset. */
export function isIndexed({ point }: PartitionState, offset: number): boolean {
  return offset <= point.indexed && !isLost(point.lost, offset)
}

/**
 * Advances to the record at `offset`, or to the end of what was read.
 * @param next offset that the record after it should have
 * @returns the offsets that the topic left out before it and that the store does not know yet
 */
export function advance(
  state: PartitionState,
  partition: number,
  offset: number,
  next: number,
): OffsetRange[] {
  const from = state.expected
  state.expected = next
  if (from >= offset) return []
  const { handled, lost } = state.point
  return within([...lost, { partition, from: handled + 1, to: Infinity }], from, offset)
}
