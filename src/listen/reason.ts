/**
 * Why a record cannot be stored: the closed set of codes, each with a sentence for a person. The code travels in
 * the dead letter's headers and in the metrics, so a code keeps its meaning once it has been published.
 */
export const REASONS = {
  tombstone: 'The record has no value.',
  record_too_large: 'The record is larger than 1 MiB.',
  not_utf8: 'The value is not UTF-8 text.',
  not_json: 'The value is not JSON.',
  not_an_object: 'The value is JSON, but not an object.',
  missing_field: 'A field that every listen needs is missing.',
  wrong_type: 'A field holds another type than it should.',
  empty_field: 'A text that must say something is empty.',
  too_long: 'A text is longer than its field allows.',
  nul_character: 'A text contains a NUL character.',
  unpaired_surrogate: 'A text contains half of a surrogate pair, which is not a character.',
  not_finite: 'A number is too large to represent.',
  negative_number: 'A number that counts seconds is negative.',
  out_of_range: 'A number is outside the values its field allows.',
  position_past_duration: 'The listener got further than the track is long.',
  timestamp_too_early: 'The play began before 2002.',
  timestamp_too_late: 'The play begins more than an hour in the future.',
  unreadable_batch: 'Kafka accepted a batch of records that cannot be read.',
} as const

/** One of the codes of {@link REASONS}. */
export type Reason = keyof typeof REASONS

/** A code that the value of a record can have. */
export type ValueReason = Exclude<Reason, 'unreadable_batch'>

const isOfValue = (reason: Reason): reason is ValueReason => reason !== 'unreadable_batch'

/** Every code that the value of a record can have. */
export const REASON_CODES: readonly ValueReason[] = (Object.keys(REASONS) as Reason[]).filter(isOfValue)
