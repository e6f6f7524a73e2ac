import { copyWithin } from './lz4.ts'

/** What the Java library puts before its blocks; other clients send one block without it. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_BYTES = 16
/** Three bytes of a block stand for 64 at most. */
const LARGEST_RATIO = 64 / 3
/** Bytes after which a long block lets other work have its turn. */
const TURN_BYTES = 4 * 1_048_576
const NOTHING = Buffer.alloc(0)

/**
 * Decompresses Snappy blocks one by one, in the framing of the Java library or without any. Between them it gives empty
 * buffers while a block is long.
 * @param limit largest block, in bytes; without it a block is as large as its bytes can make it
 * @throws Error when the bytes are no such blocks
 */
export function* snappyBlocks(bytes: Buffer, limit = Number.POSITIVE_INFINITY): Generator<Buffer> {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) {
    yield* snappyBlock(bytes, limit)
    return
  }
  for (let at = XERIAL_BYTES; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new Error('a Snappy block has no length')
    const from = at + 4
    const to = from + bytes.readUInt32BE(at)
    if (to > bytes.length) throw new Error('a Snappy block is longer than its batch')
    yield* snappyBlock(bytes.subarray(from, to), limit)
    at = to
  }
}

/** Decompresses a block ("Snappy compressed format description"). */
function* snappyBlock(block: Buffer, limit: number): Generator<Buffer> {
  let at = 0
  let size = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = block[at++]
    if (byte === undefined || scale > 2 ** 28) throw new Error('a Snappy block ends within its length')
    size += (byte & 127) * scale
    if (byte < 128) break
  }
  if (size > Math.min(limit, LARGEST_RATIO * block.length))
    throw new Error('a Snappy block says that it is longer than it can be')
  const out = Buffer.allocUnsafe(size)
  let written = 0
  let turn = TURN_BYTES
  while (at < block.length) {
    if (written > turn) {
      turn += TURN_BYTES
      yield NOTHING
    }
    const tag = block[at++] ?? 0
    const kind = tag & 3
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59)
      const length = (extra === 0 ? tag >> 2 : block.readUIntLE(at, extra)) + 1
      at += extra
      if (at + length > block.length || written + length > size) throw new Error('a Snappy block is cut off')
      block.copy(out, written, at, at + length)
      at += length
      written += length
      continue
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const distanceBytes = kind === 3 ? 4 : kind
    const rest = block.readUIntLE(at, distanceBytes)
    const distance = kind === 1 ? ((tag >> 5) << 8) | rest : rest
    at += distanceBytes
    if (distance === 0 || distance > written || written + length > size)
      throw new Error('a Snappy block refers to bytes outside of it')
    copyWithin(out, written, distance, length)
    written += length
  }
  if (written !== size) throw new Error('a Snappy block is shorter than it says')
  yield out
}
