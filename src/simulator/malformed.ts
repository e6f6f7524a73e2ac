import { MAX_VALUE_BYTES } from '../listen/decode.ts'
import { encodeListen } from '../listen/encode.ts'
import type { Listen } from '../listen/listen.ts'
import { MAX_LENGTH } from '../listen/max-length.ts'
import { REASON_CODES, type ValueReason } from '../listen/reason.ts'
import type { Random } from './random.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const text = (listen: Listen) => encodeListen(listen).toString()

/** Malformed values by reason, derived from a valid listen. */
const BREAK: Record<ValueReason, (listen: Listen) => Buffer | null> = {
  tombstone: () => null,
  record_too_large: (listen) =>
    encodeListen({ ...listen, title: listen.title.padEnd(MAX_VALUE_BYTES + 1, '.') }),
  not_utf8: (listen) => Buffer.concat([encodeListen(listen), Buffer.from([0xff, 0xfe])]),
  not_json: (listen) => encodeListen(listen).subarray(0, -1),
  not_an_object: (listen) => json([listen.title, listen.artist]),
  missing_field: (listen) => json({ ...listen, title: undefined }),
  wrong_type: (listen) => json({ ...listen, duration_seconds: String(listen.duration_seconds) }),
  empty_field: (listen) => encodeListen({ ...listen, artist: '' }),
  too_long: (listen) => encodeListen({ ...listen, mood: listen.mood.padEnd(MAX_LENGTH.mood + 1, '.') }),
  nul_character: (listen) => encodeListen({ ...listen, title: `${listen.title}\0` }),
  unpaired_surrogate: (listen) => encodeListen({ ...listen, title: `${listen.title}\ud800` }),
  not_finite: (listen) =>
    Buffer.from(text(listen).replace(/"duration_seconds":\d+/, '"duration_seconds":1e999')),
  negative_number: (listen) => encodeListen({ ...listen, listen_position: -listen.listen_position }),
  out_of_range: (listen) => encodeListen({ ...listen, rating: 5.5 }),
  position_past_duration: (listen) =>
    encodeListen({ ...listen, listen_position: listen.duration_seconds + 1 }),
  timestamp_too_early: (listen) => encodeListen({ ...listen, timestamp: Date.UTC(2001, 0, 1) / 1000 }),
  timestamp_too_late: (listen) => encodeListen({ ...listen, timestamp: Date.UTC(2100, 0, 1) / 1000 }),
}

/** A malformed value of a random kind. */
export function malformedValue(listen: Listen, random: Random): Buffer | null {
  return BREAK[random.pick(REASON_CODES)](listen)
}
