import type { FetchedRecord } from './fetched-record.ts'

/** The headers of a record as they can be sent again, in their order. Kafka does not allow a header without a name. */
export function sendableHeaders(headers: FetchedRecord['headers']): (readonly [Buffer, Buffer | null])[] {
  return headers.flatMap(([name, value]) => (name === null ? [] : [[name, value] as const]))
}
