import { type Decoded, decodeListen, MAX_VALUE_BYTES } from '../listen/decode.ts'
import type { FetchedRecord } from './fetched-record.ts'

/**
 * Reads a record as a listen. A record that is not whole in memory, and a batch that cannot be read, are none.
 * @param now the time against which a timestamp is in the future, in milliseconds since 1970
 */
export function decodeRecord(record: FetchedRecord, now: number): Decoded {
  const { value, cut, unreadable, offset } = record
  if (unreadable !== undefined) {
    const { lastOffset, why } = unreadable
    const message = `The batch of the offsets ${offset} to ${lastOffset} cannot be read: ${why}.`
    return { ok: false, reason: 'unreadable_batch', field: null, message }
  }
  if (cut === undefined) return decodeListen(value, now)
  const message =
    cut.valueBytes > MAX_VALUE_BYTES
      ? `The value may have ${MAX_VALUE_BYTES} bytes, but it has ${cut.valueBytes}.`
      : `The record is too large: it has ${cut.headers} headers.`
  return { ok: false, reason: 'record_too_large', field: null, message }
}
