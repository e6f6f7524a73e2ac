import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Cursor, readVarint } from './varint.ts'

const WINDOW_BYTES = 1_048_576
const LONGEST_VARINT = 5

/** A field of which only the beginning may have been kept. */
export interface KeptField {
  kept: Buffer
  bytes: number
  sha256: string
}

/** The part of a batch's decompressed records that is in memory; it moves forward through them. */
export interface RecordWindow {
  readonly cursor: Cursor
  /** Bytes before the cursor since the beginning. */
  position(): number
  /** Returns the size of the next record with its length, as far as the window shows it; null when that takes {@link fill}. */
  nextSize(): number | null
  /** Gets more bytes until there are this many after the cursor, or no more. */
  fill(wanted: number): Promise<void>
  /** Whether all bytes are in memory. */
  readonly isWhole: boolean
  /** Reads a field with its length before it, and keeps its first bytes; null for a null field. */
  field(keep: number): Promise<KeptField | null>
  skip(bytes: number): Promise<void>
  /** Whether nothing follows. */
  isAtEnd(): Promise<boolean>
  /** Why no more bytes came; null when they came to their end. */
  readonly failure: string | null
}

/** A window over bytes that are all there, or that come in chunks. */
export function recordWindow(source: Buffer | AsyncGenerator<Buffer>): RecordWindow {
  let chunks = Buffer.isBuffer(source) ? null : source
  const cursor: Cursor = { bytes: Buffer.isBuffer(source) ? source : Buffer.alloc(0), at: 0 }
  let passed = 0
  let failure: string | null = null

  const left = () => cursor.bytes.length - cursor.at

  async function nextChunk(): Promise<Buffer | null> {
    try {
      const next = await chunks?.next()
      if (next !== undefined && next.done !== true) return next.value
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    chunks = null
    return null
  }

  async function fill(wanted: number): Promise<void> {
    if (left() >= wanted || chunks === null) return
    const parts = [cursor.bytes.subarray(cursor.at)]
    let bytes = left()
    while (bytes < Math.max(wanted, WINDOW_BYTES)) {
      const chunk = await nextChunk()
      if (chunk === null) break
      parts.push(chunk)
      bytes += chunk.length
      // Decompressing takes time, and other work of the process gets its turn.
      await setImmediate()
    }
    passed += cursor.at
    cursor.bytes = Buffer.concat(parts)
    cursor.at = 0
  }

  /** Advances over bytes, however many, and shows them part by part. */
  async function pass(bytes: number, see: (part: Buffer) => void): Promise<void> {
    for (let missing = bytes; missing > 0; ) {
      await fill(1)
      const part = cursor.bytes.subarray(cursor.at, cursor.at + missing)
      if (part.length === 0) throw new Error('a record is longer than its batch')
      cursor.at += part.length
      missing -= part.length
      see(part)
    }
  }

  return {
    cursor,
    isWhole: chunks === null,
    skip: (bytes) => pass(bytes, () => {}),
    position: () => passed + cursor.at,
    fill,
    get failure() {
      return failure
    },
    nextSize() {
      if (left() < LONGEST_VARINT && chunks !== null) return null
      const peek = { bytes: cursor.bytes, at: cursor.at }
      const size = readVarint(peek) + peek.at - cursor.at
      return size > left() && chunks !== null ? null : size
    },
    async field(keep) {
      await fill(LONGEST_VARINT)
      const bytes = readVarint(cursor)
      if (bytes < 0) return null
      const kept: Buffer[] = []
      const hash = createHash('sha256')
      let room = keep
      await pass(bytes, (part) => {
        hash.update(part)
        if (room > 0) kept.push(Buffer.from(part.subarray(0, room)))
        room -= part.length
      })
      return { kept: Buffer.concat(kept), bytes, sha256: hash.digest('hex') }
    },
    async isAtEnd() {
      await fill(1)
      return left() === 0 && failure === null
    },
  }
}
