import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { event, record } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { produceRaw, rawBatch, rawRecord, varint } from '../support/raw-batch.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'music-streams'
const DEAD = 'music-streams.dlq'
const [GZIP, ZSTD] = [1, 4]
const SKIPPABLE = Buffer.from([0x57, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

const listen = (title: string) => Buffer.from(JSON.stringify(event({ title })))
const header = ({ headers }: FetchedRecord, name: string) =>
  headers.find(([key]) => key?.toString() === name)?.[1]?.toString()

describe('batches that the broker accepts and that are unusual', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let stored = 0
  let dead = 0
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  async function produce(partition: number, batch: Buffer): Promise<number> {
    const { error, offset } = await produceRaw(workspace.broker.address, TOPIC, partition, batch)
    assert.equal(error, 0, 'the broker accepts the batch')
    return offset
  }
  /** Waits until the listens of a batch are stored. */
  async function areStored(titles: readonly string[]): Promise<void> {
    stored += titles.length
    await until(`${stored} listens`, async () => (await playhead.totals()).listens >= stored)
    const found = (await playhead.listens('limit=50')).listens.map(({ title }) => title)
    for (const title of titles) assert.equal(found.filter((one) => one === title).length, 1, title)
  }
  async function deadLetters(more: number): Promise<FetchedRecord[]> {
    dead += more
    const letters = await readRecords(workspace.broker.address, DEAD, dead)
    assert.equal(letters.length, dead)
    return letters
  }

  it('are stored: timestamps that wrap, long numbers, several frames, bytes after the last member', async () => {
    const least = -(2n ** 63n)
    const wrapped = varint(BigInt.asIntN(64, BigInt(Date.now()) - least))
    await produce(
      0,
      rawBatch([rawRecord(0, listen('wrapped'), { timestampDelta: wrapped })], { firstTimestamp: least }),
    )
    await produce(1, rawBatch([rawRecord(0, listen('long'), { timestampDelta: [0x80, 0x80, 0x80, 0x00] })]))
    const records = ['first frame', 'second frame'].map((title, at) => rawRecord(at, listen(title)))
    const frames = records.flatMap((frame) => [SKIPPABLE, zstdCompressSync(frame)])
    await produce(2, rawBatch(records, { attributes: ZSTD, compress: () => Buffer.concat(frames) }))
    const last = [rawRecord(0, listen('before garbage'))]
    const compress = (bytes: Buffer) =>
      Buffer.concat([gzipSync(bytes), Buffer.from('garbage that is no member')])
    await produce(3, rawBatch(last, { attributes: GZIP, compress }))
    await areStored(['wrapped', 'long', 'first frame', 'second frame', 'before garbage'])
  })

  it('have their records at the offsets of the broker, whatever offsets the producer wrote', async () => {
    const titles = ['delta 5', 'delta 0', 'delta 0 again']
    const records = [5, 0, 0].map((delta, at) => rawRecord(delta, listen(titles[at] ?? '')))
    const offset = await produce(4, rawBatch(records))
    assert.equal(await produce(4, rawBatch([rawRecord(0, listen('after them'))])), offset + 3)
    await areStored([...titles, 'after them'])
  })

  it('become dead letters that fit: large values, and large headers', async () => {
    const value = Buffer.from(`{"x": "${' '.repeat(8_000_000)}"}`)
    await produce(
      0,
      rawBatch([rawRecord(0, value)], { attributes: GZIP, compress: (bytes) => gzipSync(bytes) }),
    )
    const name = Buffer.from('trace')
    const headers = [
      ...varint(1),
      ...varint(name.length),
      ...name,
      ...varint(800_000),
      ...Buffer.alloc(800_000, ' '),
    ]
    const bad = Array.from({ length: 60 }, (_, at) => rawRecord(at, Buffer.from('not json'), { headers }))
    await produce(1, rawBatch(bad, { attributes: ZSTD, compress: (bytes) => zstdCompressSync(bytes) }))
    await sendRecords(workspace.broker.address, [record({ title: 'after the large ones' })])
    const letters = await deadLetters(61)
    const large = letters.find((letter) => header(letter, 'playhead.reason') === 'record_too_large')
    assert.ok(large !== undefined)
    assert.equal(header(large, 'playhead.truncated'), 'true')
    assert.equal(header(large, 'playhead.source.value_bytes'), String(value.length))
    assert.equal(
      header(large, 'playhead.source.value_sha256'),
      createHash('sha256').update(value).digest('hex'),
    )
    assert.ok(large.value !== null && value.subarray(0, large.value.length).equals(large.value))
    assert.equal(letters.filter((letter) => header(letter, 'playhead.reason') === 'not_json').length, 60)
    await areStored(['after the large ones'])
  })

  it('expand without taking the memory that their sender chose', async () => {
    const records = Array.from({ length: 200 }, (_, at) => rawRecord(at, Buffer.alloc(1_000_000, ' ')))
    await produce(2, rawBatch(records, { attributes: ZSTD, compress: (bytes) => zstdCompressSync(bytes) }))
    const tombstones = Array.from({ length: 5_000 }, (_, at) => rawRecord(at, null))
    await produce(3, rawBatch(tombstones, { attributes: GZIP, compress: (bytes) => gzipSync(bytes) }))
    await until('all are dead letters', async () => {
      const metrics = await (await fetch(`${playhead.url}/metrics`)).text()
      const counted = (reason: string) =>
        Number(new RegExp(`dead_letters_total\\{reason="${reason}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0)
      return counted('not_json') === 60 + 200 && counted('tombstone') === 5_000
    })
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(await readText(`/proc/${playhead.pid}/status`))?.[1]
    assert.ok(Number(kilobytes) < 1_000_000, `${kilobytes} kB`)
    const onDisk = await sizeOfLogs(workspace.directory, DEAD)
    assert.ok(onDisk < 5 * 1_048_576, `their dead letters take ${onDisk} bytes on the topic`)
  })

  it('leave no lag when a partition ends with them', async () => {
    const ask = async () =>
      (await (await fetch(`${playhead.url}/api/pipeline`)).json()) as { partitions: { lag: number }[] }
    await until('no lag', async () => (await ask()).partitions.every(({ lag }) => lag === 0))
  })
})

describe('a batch that is damaged on the disk', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  it('is set aside with its bytes, and its partition continues', async () => {
    await sendRecords(workspace.broker.address, [{ ...record({ title: 'before' }), partition: 5, key: null }])
    const records = [0, 1, 2].map((at) => rawRecord(at, listen(`damaged ${at}`)))
    const { error, offset } = await produceRaw(workspace.broker.address, TOPIC, 5, rawBatch(records))
    assert.equal(error, 0)
    await sendRecords(workspace.broker.address, [{ ...record({ title: 'after' }), partition: 5, key: null }])
    const startAgain = await workspace.stopBroker()
    await damage(workspace.directory, 'damaged 1')
    await startAgain()
    const playhead = await workspace.start()
    await until('the listens around it', async () => (await playhead.totals()).listens === 2)
    const [letter] = await readRecords(workspace.broker.address, DEAD, 1)
    assert.ok(letter !== undefined)
    assert.equal(header(letter, 'playhead.reason'), 'unreadable_batch')
    assert.equal(header(letter, 'playhead.source.offset'), String(offset))
    assert.equal(header(letter, 'playhead.source.last_offset'), String(offset + 2))
    assert.ok(letter.value?.includes('damaged 0'))
  })
})

async function readText(path: string): Promise<string> {
  const file = await open(path)
  try {
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Bytes of the logs of a topic on the disk of the broker. */
async function sizeOfLogs(directory: string, topic: string): Promise<number> {
  const logs = (await readdir(directory, { recursive: true })).filter(
    (path) => path.includes(`/${topic}-`) && path.endsWith('.log'),
  )
  const sizes = await Promise.all(logs.map(async (path) => (await stat(join(directory, path))).size))
  assert.ok(sizes.length > 0)
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Changes a byte of the log where a text is. */
async function damage(directory: string, text: string): Promise<void> {
  const logs = (await readdir(directory, { recursive: true })).filter(
    (path) => path.includes(`${TOPIC}-5/`) && path.endsWith('.log'),
  )
  for (const path of logs) {
    const file = await open(join(directory, path), 'r+')
    const at = (await file.readFile()).indexOf(text)
    if (at >= 0) await file.write('X', at)
    await file.close()
  }
}
