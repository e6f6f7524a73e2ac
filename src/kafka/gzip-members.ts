import { finished } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'

const [CRC, EXTRA, NAME, COMMENT] = [0x02, 0x04, 0x08, 0x10]
const TRAILER = 8

/**
 * Decompresses gzip members one after another (RFC 1952) as Java does: what follows a member and is none is ignored.
 * @throws Error when a member is damaged or cut off
 */
export async function* gunzip(bytes: Buffer, chunkSize: number): AsyncGenerator<Buffer> {
  let from = dataStart(bytes, 0)
  if (from === null) throw new Error('the batch is not compressed with gzip')
  while (from !== null) {
    const inflate = createInflateRaw({ chunkSize })
    inflate.end(bytes.subarray(from))
    let checksum = 0
    let size = 0
    for await (const chunk of inflate) {
      checksum = crc32(chunk, checksum)
      size = (size + chunk.length) % 2 ** 32
      yield chunk
    }
    await finished(inflate).catch(() => {})
    const end = from + inflate.bytesWritten
    if (end + TRAILER > bytes.length) throw new Error('a gzip member is cut off')
    if (bytes.readUInt32LE(end) !== checksum || bytes.readUInt32LE(end + 4) !== size)
      throw new Error('a gzip member is damaged: its checksum is wrong')
    from = dataStart(bytes, end + TRAILER)
  }
}

/** Where the data of the member at `at` starts; null where there is no member. */
function dataStart(bytes: Buffer, at: number): number | null {
  if (at + 18 > bytes.length || bytes.readUInt16BE(at) !== 0x1f8b || bytes[at + 2] !== 8) return null
  const flags = bytes[at + 3] ?? 0
  let from = at + 10
  if ((flags & EXTRA) !== 0) from += 2 + (from + 2 <= bytes.length ? bytes.readUInt16LE(from) : 0)
  for (const text of [NAME, COMMENT])
    if ((flags & text) !== 0) {
      const end = bytes.indexOf(0, from)
      if (end < 0) return null
      from = end + 1
    }
  if ((flags & CRC) !== 0) from += 2
  return from < bytes.length ? from : null
}
