import { createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { gunzip } from './gzip-members.ts'
import { lz4Blocks } from './lz4.ts'
import { snappyBlocks } from './snappy.ts'
import { zstdFrames } from './zstd-frames.ts'

/** Numbers of the compressions in the attributes of a batch. */
const [NONE, GZIP, SNAPPY, LZ4, ZSTD] = [0, 1, 2, 3, 4]
const CHUNK_BYTES = 256 * 1024

/**
 * Decompresses records at once.
 * @returns null when they are more than `limit` bytes or not in the usual form; {@link decompressedChunks} then reads them
 */
export function decompressedAtOnce(compression: number, records: Buffer, limit: number): Buffer | null {
  if (compression === NONE) return records
  try {
    if (compression === GZIP) return gunzipSync(records, { maxOutputLength: limit })
    if (compression === ZSTD) {
      const [frame, ...more] = zstdFrames(records)
      const isUsual = more.length === 0 && frame?.length === records.length
      return isUsual ? zstdDecompressSync(records, { maxOutputLength: limit }) : null
    }
    if (compression === LZ4) return joined(lz4Blocks(records), limit)
    if (compression === SNAPPY) return joined(snappyBlocks(records, limit), limit)
  } catch {
    // The careful way says what is wrong.
  }
  return null
}

function joined(blocks: Iterable<Buffer>, limit: number): Buffer | null {
  const all: Buffer[] = []
  let bytes = 0
  for (const block of blocks) {
    bytes += block.length
    if (bytes > limit) return null
    all.push(block)
  }
  return Buffer.concat(all)
}

/**
 * Decompresses records in chunks, each one when it is asked for, so that memory does not depend on how far they expand.
 * A chunk has 4 MiB at most, but a Snappy block up to 22 times its compressed size.
 * @throws Error when they are not compressed as the batch says, after the chunks before the damage
 */
export async function* decompressedChunks(compression: number, records: Buffer): AsyncGenerator<Buffer> {
  if (compression === NONE) yield records
  else if (compression === GZIP) yield* gunzip(records, CHUNK_BYTES)
  else if (compression === LZ4) yield* lz4Blocks(records)
  else if (compression === SNAPPY) yield* snappyBlocks(records)
  else if (compression === ZSTD)
    for (const frame of zstdFrames(records)) {
      const decompress = createZstdDecompress({ chunkSize: CHUNK_BYTES })
      decompress.end(frame)
      yield* decompress
    }
  else throw new Error(`the batch is compressed in an unknown way (${compression})`)
}
