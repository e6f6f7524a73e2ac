/** A place in bytes that are read from left to right. */
export interface Cursor {
  bytes: Buffer
  at: number
}

/**
 * Reads a number of 32 bits: seven in a byte, the sign in the lowest ("ZigZag"). Like Kafka's Java client it accepts up to
 * five bytes and ignores the bits beyond 32.
 * @throws Error when the number is longer or cut off
 */
export function readVarint(cursor: Cursor): number {
  let byte = nextByte(cursor)
  let raw = byte & 127
  for (let shift = 7; byte > 127; shift += 7) {
    if (shift > 28) throw new Error('a number has more than 32 bits')
    byte = nextByte(cursor)
    raw |= (byte & 127) << shift
  }
  return (raw >>> 1) ^ -(raw & 1)
}

/**
 * Reads a number of 64 bits in the same way, of up to ten bytes.
 * @returns a bigint only for a number of more than seven bytes
 * @throws Error when the number is longer or cut off
 */
export function readVarlong(cursor: Cursor): number | bigint {
  const from = cursor.at
  let raw = 0
  // Multiplied, because shifts know 32 bits, and a timestamp can be months after the first of its batch.
  for (let scale = 1; scale <= 2 ** 42; scale *= 128) {
    const byte = nextByte(cursor)
    raw += (byte & 127) * scale
    if (byte < 128) return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }
  cursor.at = from
  return readLongVarlong(cursor)
}

function readLongVarlong(cursor: Cursor): bigint {
  let raw = 0n
  for (let shift = 0n; ; shift += 7n) {
    if (shift > 63n) throw new Error('a number has more than 64 bits')
    const byte = nextByte(cursor)
    raw |= BigInt(byte & 127) << shift
    if (byte < 128) break
  }
  raw = BigInt.asUintN(64, raw)
  return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n))
}

function nextByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++]
  if (byte === undefined) throw new Error('the records end within a number')
  return byte
}
