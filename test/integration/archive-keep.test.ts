import assert from 'node:assert/strict'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { archiveAddress } from '../../src/outputs/archive/address.ts'
import { archiveStored } from '../../src/outputs/archive/archive.ts'
import { dropArchived } from '../../src/outputs/archive/keep.ts'
import { archivedTable } from '../../src/outputs/archive/reading.ts'
import { askAllListens } from '../../src/questions/all-listens.ts'
import { askDropOff } from '../../src/questions/drop-off.ts'
import { askHours } from '../../src/questions/hours.ts'
import { type ListenSource, listensFor } from '../../src/questions/listen-source.ts'
import { askListens, type ListensQuery } from '../../src/questions/listens.ts'
import { askMoodGenre } from '../../src/questions/mood-genre.ts'
import { askOverTime } from '../../src/questions/over-time.ts'
import { askRatings } from '../../src/questions/ratings.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { storedOnceKeys } from '../../src/store/listens.ts'
import { migrate } from '../../src/store/migrations.ts'
import { resumePoints } from '../../src/store/resume.ts'
import type { Store } from '../../src/store/store.ts'
import { storeStretch, TOPIC_ID } from '../support/archive.ts'

const ROWS = 40_000
const DAY_MS = 86_400_000
const NOW = Date.parse('2026-03-10T00:00:00Z')
const signal = new AbortController().signal
const RANGES = [
  {},
  { from: '2026-03-02T05:30:00Z', to: '2026-03-07T11:00:00Z' },
  { from: '2026-03-01T00:00:00Z', to: '2026-03-02T10:10:00Z' },
  { from: '2026-03-08T00:00:00Z', to: '2026-03-09T00:00:00Z' },
]

describe('a store that drops archived listens', () => {
  let directory: string
  let store: Store
  let whole: unknown[]
  let address: ReturnType<typeof archiveAddress>
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-keep-'))
    address = archiveAddress(join(directory, 'archive'), 'ARCHIVE', {
      access: { s3: { endpoint: null, region: 'us-east-1', login: null }, webHdfs: null },
      embedded: true,
    })
    store = await openEmbeddedStore(join(directory, 'store'))
    await migrate(store)
    for (const day of [1, 2, 3, 5, 8]) {
      for (const partition of [0, 1])
        await storeStretch(store, {
          partition,
          from: day * ROWS,
          count: ROWS,
          storedAt: `2026-03-0${day} 12:00:00`,
        })
      // The first offsets are those that the topic no longer held, others are of records that could not be stored.
      if (day === 1) await store.run(absent(0, ROWS))
      if (day === 3) await store.run(absent(4 * ROWS, 5 * ROWS))
      if (day === 5) await store.run(absent(6 * ROWS, 8 * ROWS))
      await archive()
    }
    await store.run('OPTIMIZE TABLE listens FINAL')
    whole = await answers(listensFor(store, EVERYONE))
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  const archived = (store: Store) => listensFor(store, EVERYONE, archivedTable(store, address))
  const archive = () => archiveStored(store, address, { openHour: true, signal, now: () => NOW })
  const keep = async (days: number, at?: (point: string) => void) => {
    const { runs } = await archive()
    return await dropArchived(store, address, runs, {
      keepMs: days * DAY_MS,
      signal,
      now: () => NOW,
      ...(at === undefined ? {} : { at }),
    })
  }

  it('keeps listens that are no longer in the archive', async () => {
    const aside = join(directory, 'aside')
    await rename(join(directory, 'archive', 'day=2026-03-01'), aside)
    await assert.rejects(keep(8), /archive/)
    assert.equal(await count(), 10 * ROWS)
    await rename(aside, join(directory, 'archive', 'day=2026-03-01'))
  })

  it('answers as before from store and archive, while it drops and after it', async () => {
    const points = await resumePoints(store, TOPIC_ID, [0, 1])
    await assert.rejects(
      keep(8, () => {
        throw new Error('struck by a power failure')
      }),
    )
    assert.equal(await count(), 10 * ROWS)
    assert.deepEqual(await answers(archived(store)), whole, 'noted and not dropped')
    assert.deepEqual(await resumePoints(store, TOPIC_ID, [0, 1]), points)

    assert.equal(await keep(4), 8 * ROWS)
    assert.equal(await count(), 2 * ROWS)
    assert.deepEqual(await answers(archived(store)), whole, 'dropped')
    assert.deepEqual(await resumePoints(store, TOPIC_ID, [0, 1]), points)
    assert.equal(await keep(4), 0)
  })

  it('answers from its rollups alone where the range is in the store', async () => {
    const asked: string[] = []
    const watched = {
      ...store,
      rows: ((sql, ask) => {
        asked.push(sql)
        return store.rows(sql, ask)
      }) as Store['rows'],
    }
    const range = { from: '2026-03-08T00:00:00Z', to: '2026-03-09T00:00:00Z' }
    assert.deepEqual(
      await askTotals(archived(watched), range),
      await askTotals(listensFor(store, EVERYONE), range),
    )
    assert.deepEqual(
      asked.filter((sql) => sql.includes('parquet')),
      [],
    )
    await store.run('OPTIMIZE TABLE listens FINAL SETTINGS optimize_throw_if_noop = 1')
    const [[rollups] = [0]] = await store.rows<[number]>(
      `SELECT uniqExact(name) FROM system.projection_parts WHERE active AND database = currentDatabase() AND table = 'listens' AND rows > 0`,
    )
    assert.equal(rollups, 13, 'the parts that are left have their resume points and their twelve rollups')
  })

  it('knows the once keys of dropped listens', async () => {
    assert.deepEqual(
      await storedOnceKeys(store, [`key-${ROWS}-0`, 'key-never-0']),
      new Set([`key-${ROWS}-0`]),
    )
  })

  it('drops everything and still knows where the pipeline resumes', async () => {
    assert.equal(await keep(0), 2 * ROWS)
    assert.equal(await count(), 0)
    const points = await resumePoints(store, TOPIC_ID, [0, 1])
    assert.deepEqual(points.get(1), { stored: 9 * ROWS - 1, indexed: -1, handled: 9 * ROWS - 1, lost: [] })
    assert.deepEqual(await answers(archived(store)), whole)
  })

  async function count(): Promise<number> {
    const [[rows] = [0]] = await store.rows<[number]>('SELECT count() FROM listens')
    return rows
  }
})

/** Of both partitions. */
const absent = (from: number, to: number) =>
  `INSERT INTO absent_offsets (topic_id, kafka_partition, first_offset, end_offset) VALUES
   ('${TOPIC_ID}', 0, ${from}, ${to}), ('${TOPIC_ID}', 1, ${from}, ${to})`

/** What every panel and list of the page shows, for ranges that the store holds, has dropped, and both. */
async function answers(listens: ListenSource): Promise<unknown[]> {
  const zone = 'Asia/Kolkata'
  const found: unknown[] = []
  for (const range of RANGES) {
    found.push(await askTotals(listens, range))
    found.push(await askOverTime(listens, { ...range, zone, by: 'genre', unit: 'hour' }))
    found.push(await askTop(listens, { ...range, by: 'song', platform: ['Tidal'] }))
    found.push(await askTop(listens, { ...range, by: 'user' }))
    found.push(await askDropOff(listens, range))
    found.push(await askHours(listens, { ...range, zone }))
    found.push(await askMoodGenre(listens, range))
    found.push(await askRatings(listens, range))
    found.push(await askListens(listens, { ...range, limit: 1000, order: 'asc' }))
    const queries: ListensQuery[] = [
      { ...range, limit: 50 },
      { ...range, limit: 50, sort: 'title', user: ['山田'] },
      { ...range, limit: 50, sort: 'name', order: 'asc' },
    ]
    for (const query of queries) {
      const page = await askListens(listens, query)
      const { next } = page
      found.push(page.listens, next === null ? null : await askListens(listens, { ...query, cursor: next }))
    }
  }
  const { count, pages } = await askAllListens(listens, { to: '2026-03-01T10:15:00Z' })
  let given = 0
  for await (const page of pages) given += page.length
  return [...found, { count, given }]
}
