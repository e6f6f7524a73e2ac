import { lastOffsetOf } from '../../src/kafka/fetched-record.ts'
import { splitBatches } from '../../src/kafka/record-batch.ts'
import { batchOf, readAll, withRecords } from './raw-batch.ts'

const HEADER = 61
/** Offset at which the checksum of a batch starts. */
const CHECKED = 21
const VALUES = ['one', '', 'Lovers’ Carvings', 'x'.repeat(300), 'five']

/** A generator of random numbers, the same for the same seed (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Batches in every compression, changed at random after their offsets, with correct checksums. */
export function* mutatedBatches(seed: number): Generator<Buffer> {
  const random = randomOf(seed)
  const originals = ['none', 'gzip', 'snappy', 'lz4', 'zstd'].map((compression) =>
    batchOf(VALUES, { compression }),
  )
  for (let turn = 0; ; turn += 1) yield mutated(originals[turn % originals.length] ?? Buffer.alloc(0), random)
}

function mutated(good: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(good)
  for (let change = random(4); change >= 0; change -= 1) {
    const at = CHECKED + random(bytes.length - CHECKED)
    const kind = random(4)
    if (kind === 0) bytes[at] = random(256)
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    else if (kind === 2) bytes[at] = [0x00, 0x7f, 0x80, 0xff][random(4)] ?? 0
    else bytes.copyWithin(at, CHECKED + random(bytes.length - CHECKED))
  }
  const end = random(8) === 0 ? HEADER + random(bytes.length - HEADER) : bytes.length
  return withRecords(bytes, bytes.subarray(HEADER, end), bytes.readInt16BE(CHECKED))
}

/**
 * Reads a batch and looks for missing and duplicate offsets.
 * @returns what is wrong; null when every offset occurs once
 */
export async function unaccounted(bytes: Buffer): Promise<string | null> {
  const [batch] = splitBatches(bytes)
  if (batch === undefined) return `${bytes.toString('hex')}: no batch`
  const { firstOffset, lastOffset, count } = batch
  const isComplete = count === lastOffset - firstOffset + 1
  let expected = firstOffset
  for (const record of await readAll(batch, 0, 0)) {
    const isNext = isComplete ? record.offset === expected : record.offset >= expected
    if (!isNext) return `${bytes.toString('hex')}: offset ${record.offset} instead of ${expected}`
    expected = lastOffsetOf(record) + 1
  }
  return !isComplete || expected === lastOffset + 1
    ? null
    : `${bytes.toString('hex')}: ends before ${expected}`
}
