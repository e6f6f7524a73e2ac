const MAGIC = 0x184d2204
const BLOCK_BYTES = [0, 0, 0, 0, 65_536, 262_144, 1_048_576, 4_194_304]
const UNCOMPRESSED = 0x80000000
const MIN_MATCH = 4

/**
 * Decompresses the blocks of an LZ4 frame one by one ("LZ4 Frame Format" 1.6.1), as Kafka's clients read it: the first
 * frame only, of independent blocks of at most 4 MiB.
 * @throws Error when the bytes are no such frame
 */
export function* lz4Blocks(bytes: Buffer): Generator<Buffer> {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== MAGIC) throw new Error('the LZ4 frame has no beginning')
  const flags = bytes[4] ?? 0
  const blockBytes = BLOCK_BYTES[((bytes[5] ?? 0) >> 4) & 7] ?? 0
  const [hasChecksums, hasSize] = [(flags & 0x10) !== 0, (flags & 0x08) !== 0]
  if (flags >> 6 !== 1 || (flags & 0x20) === 0 || blockBytes === 0)
    throw new Error('the LZ4 frame is of an unknown kind')
  for (let at = hasSize ? 15 : 7; ; ) {
    if (at + 4 > bytes.length) throw new Error('the LZ4 frame has no end')
    const size = bytes.readUInt32LE(at)
    if (size === 0) return
    const [from, length] = [at + 4, size & ~UNCOMPRESSED]
    const to = from + length
    if (length > blockBytes || to > bytes.length) throw new Error('an LZ4 block is longer than its frame')
    const block = bytes.subarray(from, to)
    yield size >= UNCOMPRESSED ? block : lz4Block(block, blockBytes)
    at = to + (hasChecksums ? 4 : 0)
  }
}

/** Decompresses a block ("LZ4 Block Format") of at most `limit` bytes. */
function lz4Block(block: Buffer, limit: number): Buffer {
  // A byte of a block stands for 255 at most.
  const out = Buffer.allocUnsafe(Math.min(limit, 255 * block.length + 64))
  let at = 0
  let written = 0
  const lengthOf = (nibble: number): number => {
    let length = nibble
    if (nibble < 15) return length
    for (let byte = 255; byte === 255; length += byte) {
      byte = block[at++] ?? -1
      if (byte < 0) throw new Error('an LZ4 block ends within a length')
    }
    return length
  }
  for (;;) {
    const token = block[at++]
    if (token === undefined) throw new Error('an LZ4 block has no end')
    const literals = lengthOf(token >> 4)
    if (at + literals > block.length || written + literals > out.length)
      throw new Error('an LZ4 block is longer than it says')
    if (literals > 32) block.copy(out, written, at, at + literals)
    else for (let copied = 0; copied < literals; copied += 1) out[written + copied] = block[at + copied] ?? 0
    at += literals
    written += literals
    if (at === block.length) return out.subarray(0, written)
    const distance = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8)
    at += 2
    const length = lengthOf(token & 15) + MIN_MATCH
    if (distance > written || written + length > out.length)
      throw new Error('an LZ4 block refers to bytes outside of it')
    // Not allowed by the format; the Java library reads zeros.
    if (distance === 0) out.fill(0, written, written + length)
    else copyWithin(out, written, distance, length)
    written += length
  }
}

/** Repeats bytes from `distance` before `to`; source and target may overlap. */
export function copyWithin(out: Buffer, to: number, distance: number, length: number): void {
  if (distance >= length && length > 32) out.copyWithin(to, to - distance, to - distance + length)
  else for (let at = to; at < to + length; at += 1) out[at] = out[at - distance] ?? 0
}
