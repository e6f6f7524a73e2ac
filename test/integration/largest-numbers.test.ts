import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { FORMATS } from '../../src/export/format.ts'
import { askAllListens } from '../../src/questions/all-listens.ts'
import { askDropOff } from '../../src/questions/drop-off.ts'
import { askHours } from '../../src/questions/hours.ts'
import { type ListenSource, listensFor } from '../../src/questions/listen-source.ts'
import { askListens } from '../../src/questions/listens.ts'
import { askMoodGenre } from '../../src/questions/mood-genre.ts'
import { askNow } from '../../src/questions/now.ts'
import { askOverTime } from '../../src/questions/over-time.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { event } from '../support/event.ts'
import { storeListens } from '../support/store-listens.ts'

const TOPIC = '00000000-0000-0000-0000-000000000001'
const LARGEST = Number.MAX_VALUE
/** A length and a position; the last is an ordinary listen. */
const STORED = [
  [LARGEST, LARGEST],
  [LARGEST, LARGEST],
  [1e308, 5e307],
  [1e308, 1e308],
  [1e15, 1e15],
  [200, 100],
] as const

const decompress = (input: Uint8Array) => zstdDecompressSync(input)

/** Every number in an answer. */
function* numbersIn(value: unknown, path = ''): Generator<[path: string, number: number]> {
  if (typeof value === 'number') yield [path, value]
  if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* numbersIn(inner, `${path}/${name}`)
}

describe('the largest numbers, which earlier versions stored', () => {
  let directory: string
  let store: Store
  let listens: ListenSource
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-largest-'))
    store = await openEmbeddedStore(directory)
    await migrate(store)
    const timestamp = Date.now() / 1000 - 5
    await storeListens(
      store,
      { topicId: TOPIC, storedAt: timestamp },
      STORED.map(([duration_seconds, listen_position], index) => ({
        ...{ album: '', device: '' },
        ...event({ user_id: `user ${index % 2}`, timestamp, duration_seconds, listen_position }),
        ...{ email: '', track_id: '', completed: true, rating: null, is_skipped: false },
      })),
    )
    listens = listensFor(store, EVERYONE)
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true })
  })

  for (const state of ['as rows', 'in rollups'])
    it(`leave every answer finite, ${state}`, async () => {
      if (state === 'in rollups') await store.run('OPTIMIZE TABLE listens FINAL')
      const answers = {
        totals: await askTotals(listens, {}),
        now: await askNow(listens, {}),
        hours: await askHours(listens, {}),
        days: await askOverTime(listens, { unit: 'day' }),
        platforms: await askOverTime(listens, { unit: 'day', by: 'platform' }),
        songs: await askTop(listens, { by: 'song', order_by: 'time' }),
        listeners: await askTop(listens, { by: 'user', order_by: 'time' }),
        moods: await askMoodGenre(listens, {}),
        dropOff: await askDropOff(listens, {}),
        listens: await askListens(listens, {}),
      }
      const seconds = [...numbersIn(answers)].filter(([path, number]) => {
        assert.ok(Number.isFinite(number), `${path} is ${number}`)
        return /seconds_listened|seconds_today|\/seconds$/.test(path)
      })
      assert.ok(seconds.length > 5)
      assert.doesNotMatch(JSON.stringify({ ...answers, listens: null }), /"seconds\w*":null/)
      assert.equal(answers.totals.seconds_listened, STORED.length * 2_073_600)
      assert.deepEqual(
        answers.listens.listens.map(({ percent_listened }) => percent_listened).sort((a, b) => a - b),
        [50, 50, 100, 100, 100, 100],
      )
    })

  it('are in every export as they are stored', async () => {
    const files = new Map<string, Buffer>()
    for (const [format, { encode }] of Object.entries(FORMATS)) {
      const { pages } = await askAllListens(listens, {})
      const pieces: Buffer[] = []
      for await (const piece of encode(pages)) pieces.push(Buffer.from(piece))
      files.set(format, Buffer.concat(pieces))
    }
    const expected = STORED.map(([length]) => length).sort((a, b) => a - b)
    const sorted = (rows: Record<string, unknown>[]) =>
      rows.map((row) => Number(row['duration_seconds'])).sort((a, b) => a - b)
    const lines = String(files.get('jsonl')).trim().split('\n')
    assert.deepEqual(sorted(lines.map((line) => JSON.parse(line) as Record<string, unknown>)), expected)
    const parquet = files.get('parquet') ?? Buffer.alloc(0)
    const file = new Uint8Array(parquet).buffer
    const compressors = { ZSTD: decompress }
    assert.deepEqual(sorted(await parquetReadObjects({ file, compressors })), expected)
    assert.equal(String(files.get('csv')).split(String(LARGEST)).length, 1 + 4)
  })
})
