import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'
import { type RecordBatch, splitBatches } from '../../src/kafka/record-batch.ts'
import { mutatedBatches } from '../support/mutations.ts'
import { readAll } from '../support/raw-batch.ts'

const run = promisify(execFile)
const PROGRAM = fileURLToPath(new URL('../support/ReadBatches.java', import.meta.url))
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_201)
const BATCHES = Number(process.env['FUZZ_BATCHES'] ?? 5_000)

interface Reading {
  records: string[]
  /** Whether it came to the end of the batch. */
  isWhole: boolean
}

/** Result of Kafka's Java consumer for each batch. */
async function readByJava(batches: readonly Buffer[]): Promise<Reading[]> {
  const directory = await mkdtemp(join(tmpdir(), 'playhead-java-'))
  try {
    const [input, output] = [join(directory, 'batches'), join(directory, 'records')]
    const int = (value: number) => Buffer.from(Uint32Array.of(value).buffer).swap32()
    await writeFile(
      input,
      Buffer.concat([int(batches.length), ...batches.flatMap((b) => [int(b.length), b])]),
    )
    const { command } = await findJava({ javaHome: process.env['JAVA_HOME'] ?? null })
    await run(command, ['-cp', await ensureJars('broker'), PROGRAM, input, output], { timeout: 300_000 })
    const found: Reading[] = []
    let records: string[] = []
    for (const line of (await readFile(output, 'utf8')).trim().split('\n')) {
      if (line.startsWith('record ')) records.push(line.slice('record '.length))
      else {
        found.push({ records, isWhole: line === 'end' })
        records = []
      }
    }
    return found
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const hex = (bytes: Buffer | null) => (bytes === null ? 'null' : `'${bytes.toString('hex')}`)
/** Header names as Java reads them, which is as text. */
const nameHex = (bytes: Buffer | null) => hex(Buffer.from(bytes?.toString() ?? ''))

function lineOf({ offset, timestamp, key, value, headers }: FetchedRecord): string {
  const pairs = headers.map(([name, text]) => ` ${nameHex(name)}=${hex(text)}`)
  return `${offset} ${BigInt(timestamp)} ${hex(key)} ${hex(value)}${pairs.join('')}`
}

/** A record without what may differ: the offset, which Java takes from the producer, and a timestamp beyond exact numbers. */
const essence = (line: string) => {
  const [, timestamp = '', ...rest] = line.split(' ')
  return [Math.abs(Number(timestamp)) < 2 ** 53 ? timestamp : Number(timestamp), ...rest].join(' ')
}

/** Whether the offsets rise within the batch; otherwise its records have no distinct positions. */
function isInOrder(lines: readonly string[], { firstOffset, lastOffset }: RecordBatch): boolean {
  const offsets = lines.map((line) => Number(line.split(' ')[0]))
  return offsets.every(
    (offset, at) => offset >= firstOffset && offset <= lastOffset && offset > (offsets[at - 1] ?? -1),
  )
}

describe("Kafka's Java consumer", () => {
  it(`reads nothing that is not read here, of ${BATCHES} mutated batches (seed ${SEED})`, async (test) => {
    const mutations = mutatedBatches(SEED)
    const batches = Array.from({ length: BATCHES }, () => mutations.next().value as Buffer)
    const java = await readByJava(batches).catch((error: unknown) => {
      // A runtime without the compiler cannot run a program from its source.
      if (/jdk\.compiler|ClassNotFoundException.*ReadBatches/.test(String(error))) return null
      throw error
    })
    if (java === null) return test.skip('this Java has no compiler')
    assert.equal(java.length, batches.length)
    let whole = 0
    for (const [index, bytes] of batches.entries()) {
      const found: Reading = java[index] ?? { records: [], isWhole: false }
      if (!found.isWhole) continue
      const [batch] = splitBatches(bytes)
      assert.ok(batch !== undefined)
      const ours = await readAll(batch, 0, 0)
      whole += 1
      const rest = ours.at(-1)?.unreadable
      const read = ours.filter(({ unreadable }) => unreadable === undefined).map(lineOf)
      const mustBeWhole =
        isInOrder(found.records, batch) || batch.count === batch.lastOffset - batch.firstOffset + 1
      const expected = mustBeWhole ? found.records : found.records.slice(0, read.length)
      const about = `batch ${index}: ${bytes.toString('hex')} ${rest?.why}`
      assert.deepEqual(read.map(essence), expected.map(essence), about)
      assert.ok(read.length === found.records.length || rest !== undefined, about)
    }
    assert.ok(whole > BATCHES / 20, `${whole} could be read`)
  })
})
