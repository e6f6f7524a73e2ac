/** One record as it was read from the topic. */
export interface FetchedRecord {
  partition: number
  offset: number
  key: Buffer | null
  value: Buffer | null
  headers: Headers
  /** Milliseconds since 1970, as the producer or the broker set it. */
  timestamp: number
  /** Set where the record is too large for memory: key, value, and headers are then only its beginning. */
  cut?: Cut
  /** Set where this is no record but the rest of a batch that cannot be read, with the bytes of the batch as its value. */
  unreadable?: Unreadable
}

export type Headers = readonly (readonly [Buffer | null, Buffer | null])[]

/** What a record was before it was cut. */
export interface Cut {
  valueBytes: number
  /** SHA-256 in hexadecimal digits. */
  valueSha256: string
  /** Number of its headers. */
  headers: number
}

export interface Unreadable {
  /** The last offset of the batch. */
  lastOffset: number
  /** What is wrong, as a sentence without its end. */
  why: string
}

/** The last offset that a record stands for: its own, or that of its batch where that cannot be read. */
export function lastOffsetOf({ offset, unreadable }: FetchedRecord): number {
  return unreadable?.lastOffset ?? offset
}

/** Bytes of a record in memory. */
export function bytesOf({ key, value, headers }: FetchedRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, text] of headers) bytes += (name?.length ?? 0) + (text?.length ?? 0)
  return bytes
}
