import { createHash } from 'node:crypto'
import { bytesOf, type FetchedRecord, type Headers } from '../kafka/fetched-record.ts'

/** Room for the headers of a dead letter itself, and for the lengths of the others. */
const OWN_BYTES = 2_048
const LENGTHS_BYTES = 16
const NOTHING = Buffer.alloc(0)

/** Cuts a record until its dead letter has at most `limit` bytes; one that fits stays as it is. */
export function fitted(record: FetchedRecord, limit: number): FetchedRecord {
  const { key, value, headers } = record
  const room = limit - OWN_BYTES
  if (bytesOf(record) + LENGTHS_BYTES * headers.length <= room) return record
  const cut = record.cut ?? {
    valueBytes: value?.length ?? 0,
    valueSha256: createHash('sha256')
      .update(value ?? NOTHING)
      .digest('hex'),
    headers: headers.length,
  }
  const keptKey = key?.subarray(0, room / 8) ?? null
  const keptHeaders = fittedHeaders(headers, Math.floor(room / 4))
  const rest = room - bytesOf({ ...record, key: keptKey, value: null, headers: keptHeaders })
  const keptValue = value?.subarray(0, rest - LENGTHS_BYTES * keptHeaders.length) ?? null
  return { ...record, key: keptKey, value: keptValue, headers: keptHeaders, cut }
}

/** The first headers that fit; the last of them may be cut. */
function fittedHeaders(headers: Headers, limit: number): Headers {
  const kept: [Buffer | null, Buffer | null][] = []
  let room = limit
  for (const [name, value] of headers) {
    room -= LENGTHS_BYTES + (name?.length ?? 0)
    if (room < 0) break
    kept.push([name, value?.subarray(0, room) ?? null])
    room -= value?.length ?? 0
  }
  return kept
}
