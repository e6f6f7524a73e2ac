import { Buffer } from 'node:buffer'

/** Room for a batch of ordinary size; what is not written is never touched, so it costs no memory. */
const FIRST_BYTES = 16 * 1_048_576
const NOTHING = Buffer.alloc(0)

/** Where a line stands in its buffer, its line end included. */
export interface LineSpan {
  start: number
  end: number
}

/**
 * Lines of an INSERT as bytes. As strings they would wait for their batch in the young generation, and the collector would move all of
 * them repeatedly. Bytes outside the heap are never moved.
 */
export interface LineBuffer {
  /**
   * Adds a JSON array without its opening bracket, because the batch writes its shared values before each line.
   * @param json a JSON array
   */
  add(json: string): LineSpan
  /** Copies some of the lines one after another, each with this before it. The copy holds until the next one is made. */
  copy(beginning: string, spans: readonly LineSpan[]): Buffer
  /** Forgets all lines and keeps their room, unless a batch was so large that few will be again. */
  clear(): void
}

/** An empty one, which takes no memory before its first line and grows as it must. */
export function createLineBuffer(): LineBuffer {
  let bytes = NOTHING
  let copied = NOTHING
  let written = 0

  function makeRoom(wanted: number): void {
    if (written + wanted <= bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * bytes.length, written + wanted))
    bytes.copy(larger, 0, 0, written)
    bytes = larger
  }

  return {
    add(json) {
      // No character of a string takes more than three bytes.
      makeRoom(3 * json.length + 1)
      const start = written + 1
      written += bytes.write(json, written)
      bytes[written++] = 0x0a
      return { start, end: written }
    },

    copy(beginning, spans) {
      const before = Buffer.from(beginning)
      const length = spans.reduce((sum, { start, end }) => sum + before.length + end - start, 0)
      if (copied.length < length) copied = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, length))
      let at = 0
      for (const { start, end } of spans) {
        copied.set(before, at)
        bytes.copy(copied, at + before.length, start, end)
        at += before.length + end - start
      }
      return copied.subarray(0, length)
    },

    clear() {
      written = 0
      if (bytes.length > FIRST_BYTES) bytes = NOTHING
      if (copied.length > FIRST_BYTES) copied = NOTHING
    },
  }
}
