import type { ValueReason } from '../../src/listen/reason.ts'
import { event } from './event.ts'

const text = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const soon = Math.floor(Date.now() / 1000) + 3_700

/** A value for each reason of a dead letter. */
export const BAD: Record<ValueReason, Buffer | null> = {
  tombstone: null,
  record_too_large: text(event({ title: 'x'.repeat(1_048_577) })),
  not_utf8: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  not_json: text('{"title": "Glimpse of Us",'),
  not_an_object: text(['Glimpse of Us']),
  missing_field: text({ ...event(), title: undefined }),
  wrong_type: text({ ...event(), duration_seconds: '212' }),
  empty_field: text(event({ artist: '' })),
  too_long: text(event({ mood: 'm'.repeat(101) })),
  nul_character: text(event({ title: 'Glimpse\u0000of Us' })),
  unpaired_surrogate: text(JSON.stringify(event()).replace('Glimpse', 'Gl\\ud800mpse')),
  not_finite: text(JSON.stringify(event()).replace(/"timestamp":\d+/, '"timestamp":1e999')),
  negative_number: text(event({ listen_position: -1 })),
  out_of_range: text(event({ rating: 5.5 })),
  position_past_duration: text(event({ listen_position: 213 })),
  timestamp_too_early: text(event({ timestamp: 1_009_843_199 })),
  timestamp_too_late: text(event({ timestamp: soon })),
}
