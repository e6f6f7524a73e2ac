import type { Listen } from '../listen/listen.ts'
import type { Reason } from '../listen/reason.ts'

/** The result of one submission. */
export type Outcome =
  /** Kafka has the listen on every in-sync replica. `id` names its place and is the id that the store gives it. */
  | { kind: 'accepted'; id: string; listen: Listen }
  /** A repetition cannot help. */
  | { kind: 'refused'; code: Reason | 'idempotency_key_reused'; field: string | null; message: string }
  /** Kafka did not acknowledge the listen. A repetition can help. */
  | { kind: 'unavailable'; code: string; message: string }

/** The refusal of a key that was used for another listen before. */
export const KEY_REUSED: Outcome = {
  kind: 'refused',
  code: 'idempotency_key_reused',
  field: null,
  message: 'This idempotency key was used for another listen before. Use a new key for a new listen.',
}
