import type { FetchedRecord } from '../kafka/fetched-record.ts'
import type { Listen } from '../listen/listen.ts'
import type { Reason } from '../listen/reason.ts'
import type { LineSpan } from '../store/line-buffer.ts'

/**
 * Why a record leaves the pipeline without being stored and without being a dead letter: it is stored already, or
 * another one with the same once key is.
 */
export type DropReason = 'already_stored' | 'repeated'

/** Result of a step for one record: the record continues, or leaves the pipeline here. */
export type Outcome =
  | { kind: 'ok' }
  | { kind: 'drop'; reason: DropReason }
  | { kind: 'dead_letter'; reason: Reason; field: string | null; message: string }

export const OK: Outcome = { kind: 'ok' }

/** One record on its way through the steps. */
export interface Item {
  record: FetchedRecord
  /** Filled in by the step `decode`. */
  listen: Listen | null
  /** Filled in by the step `write_line`. */
  line: LineSpan | null
}
