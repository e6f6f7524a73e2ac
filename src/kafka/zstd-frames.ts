const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const [RAW, RLE] = [0, 1]

/**
 * Splits bytes one by one into Zstandard frames (RFC 8878), because Node reads only the first one. Skippable frames are left out.
 * @throws Error when the bytes are no frames
 */
export function* zstdFrames(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw new Error('a Zstandard frame is cut off')
    const magic = bytes.readUInt32LE(at)
    const isSkippable = (magic & 0xfffffff0) >>> 0 === SKIPPABLE
    const end = isSkippable ? at + 8 + bytes.readUInt32LE(at + 4) : frameEnd(bytes, at)
    if (end > bytes.length) throw new Error('a Zstandard frame is cut off')
    if (!isSkippable) yield bytes.subarray(at, end)
    at = end
  }
}

function frameEnd(bytes: Buffer, start: number): number {
  if (bytes.readUInt32LE(start) !== MAGIC) throw new Error('the batch is not compressed with Zstandard')
  const flags = bytes[start + 4] ?? 0
  const isSingleSegment = (flags & 0x20) !== 0
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0
  let at = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes
  for (let isLast = false; !isLast; ) {
    if (at + 3 > bytes.length) throw new Error('a Zstandard frame has no end')
    const header = bytes.readUIntLE(at, 3)
    isLast = (header & 1) === 1
    const kind = (header >> 1) & 3
    at += 3 + (kind === RLE ? 1 : header >> 3)
    if (kind > 2 && kind !== RAW) throw new Error('a Zstandard block is of an unknown kind')
  }
  return at + ((flags & 0x04) === 0 ? 0 : 4)
}
