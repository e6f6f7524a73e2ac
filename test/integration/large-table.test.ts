import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { listensFor } from '../../src/questions/listen-source.ts'
import { askListens, type ListensQuery, type Sort } from '../../src/questions/listens.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop, type TopQuery } from '../../src/questions/top.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'

const LISTENS = 1_300_000
const START = Date.UTC(2026, 0, 1)
const PAGE = 60
const BY = [
  ['plays', 'count()'],
  ['time', 'sum(listen_position)'],
] as const

/** Each sort order, defined independently of the code. */
const ORDERS: Partial<Record<Sort, string>> = {
  timestamp: 'listened_at',
  stored_at: 'stored_at',
  name: 'lower(name)',
  title: 'lowerUTF8(title)',
  artist: 'lowerUTF8(artist)',
  genre: 'lower(genre)',
  country: 'lower(country)',
  duration_seconds: 'duration_seconds',
  percent_listened: 'percent_listened',
  completed: 'completed',
  rating: 'coalesce(rating, -1)',
}

/** Name of a listener; two listeners each differ only in case. */
const nameOf = (listener: string) =>
  `concat(['Listener ', 'LISTENER '][1 + (${listener}) % 2], toString(intDiv(${listener}, 2)))`

/** A filter of the table, and the same in SQL. */
const FILTERS: readonly (readonly [string, Partial<ListensQuery>, string])[] = [
  ['of all', {}, '1'],
  ['of a genre', { genre: ['Jazz'] }, "genre = 'Jazz'"],
  ['of what was played long ago', { platform: ['Old'] }, "platform = 'Old'"],
  ['of a listener', { user: ['Listener 77'] }, "name = 'Listener 77'"],
  [
    'of a range',
    { to: new Date(START + LISTENS * 40).toISOString() },
    `listened_at < toDateTime64(${(START + LISTENS * 40) / 1000}, 3)`,
  ],
  ['of nobody', { user: ['nobody'] }, '0'],
]

describe('a table with more listens than one sort handles', () => {
  let folder: string
  let store: Store
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-large-'))
    store = await openEmbeddedStore(folder)
    await migrate(store)
    // Many share a time, and most share what they are sorted by, capitals aside.
    await store.run(`INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name,
        email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
        completed, rating, is_skipped)
      WITH sipHash64(number) AS dice, 100 + dice % 300 AS length, round(length * (dice % 101) / 100) AS heard
      SELECT '00000000-0000-4000-8000-000000000001', number % 6, intDiv(number, 6),
        fromUnixTimestamp64Milli(toInt64(${START} + intDiv(number, 20000) * 1600000)),
        fromUnixTimestamp64Milli(toInt64(${START} + intDiv(number, 3) * 240)),
        concat('user-', toString(dice % 5000)), ${nameOf('dice % 5000')}, '', '',
        concat(['Ärger ', 'any ', 'Zulu ', 'zulu ', 'ÉTÉ '][1 + dice % 5], toString(dice % 900)),
        concat(['the ', 'The ', 'THE '][1 + dice % 3], toString(dice % 40)), ['Pop', 'Jazz', 'EDM'][1 + dice % 3],
        if(number < 50, 'Old', 'New'), 'Oslo', ['Norway', 'Chad'][1 + dice % 2], 'Calm', length, heard, heard / length >= 0.8,
        if(dice % 4 = 0, NULL, toFloat32(dice % 6)), heard / length < 0.8
      FROM numbers(${LISTENS}) SETTINGS max_insert_threads = 1`)
  })
  after(async () => {
    await store?.close()
    await rm(folder, { recursive: true, force: true })
  })

  for (const [which, filter, condition] of FILTERS)
    it(`answers the pages ${which} in every order, with each listen once`, async () => {
      for (const [sort, key] of Object.entries(ORDERS))
        for (const order of ['asc', 'desc'] as const) {
          const direction = order === 'asc' ? '' : 'DESC'
          const expected = await store.rows<[number, number]>(
            `SELECT kafka_partition, kafka_offset FROM listens WHERE ${condition}
             ORDER BY ${key} ${direction}, listened_at ${direction}, kafka_partition ${direction}, kafka_offset ${direction}
             LIMIT ${2 * PAGE}`,
          )
          const found: [number, number][] = []
          let cursor: string | null = null
          for (const _page of [1, 2]) {
            const query: ListensQuery = { ...filter, sort: sort as Sort, order, limit: PAGE }
            const { listens, next } = await askListens(
              listensFor(store, EVERYONE),
              cursor === null ? query : { ...query, cursor },
            )
            found.push(...listens.map(({ partition, offset }) => [partition, offset] as [number, number]))
            cursor = next
            if (next === null) break
          }
          assert.deepEqual(found, expected, `${which} by ${sort} ${order}`)
          assert.equal(cursor === null, expected.length < 2 * PAGE)
        }
    })

  const theMostSql = (condition: string, amount: string, limit: number) =>
    `SELECT user_id, ${nameOf("toUInt32(splitByChar('-', toString(user_id))[2])")}, count(), sum(listen_position),
       countIf(completed), countIf(is_skipped)
     FROM listens WHERE ${condition} GROUP BY user_id ORDER BY ${amount} DESC, user_id LIMIT ${limit}`
  const theMost = async (range: Partial<TopQuery>, order: (typeof BY)[number][0], limit: number) => {
    const { values } = await askTop(listensFor(store, EVERYONE), {
      ...range,
      by: 'user',
      order_by: order,
      limit,
    })
    return values.map((each) => Object.values(each))
  }

  it('names the top listeners, also when more than a thousand are equal', async () => {
    for (const last of [LISTENS, 4_000])
      for (const limit of [7, 1_000])
        for (const [order, amount] of BY) {
          const end = START + Math.ceil(last / 3) * 240
          const expected = await store.rows(
            theMostSql(`listened_at < fromUnixTimestamp64Milli(toInt64(${end}))`, amount, limit),
          )
          assert.equal(expected.length, limit)
          const found = await theMost({ to: new Date(end).toISOString() }, order, limit)
          assert.deepEqual(found, expected, `${limit} by ${order} of ${last}`)
        }
  })

  it('names the top listeners when some listened far more than others', async () => {
    // A year later: so many listeners that some share a group with one who listened much, and ever fewer who listened more.
    const later = START + 365 * 86_400_000
    await store.run(`INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name,
        email, track_id, title, artist, genre, platform, city, country, mood, duration_seconds, listen_position,
        completed, rating, is_skipped)
      WITH sipHash64(number) AS dice, toUInt32(floor(pow((dice % 1000003) / 1000003., 5) * 90000)) AS fan
      SELECT '00000000-0000-4000-8000-000000000001', 6, number, fromUnixTimestamp64Milli(toInt64(${later})),
        fromUnixTimestamp64Milli(toInt64(${later} + number)), concat('fan-', toString(fan)), ${nameOf('fan')}, '', '',
        'Title', 'Artist', 'Pop', 'New', 'Oslo', 'Norway', 'Calm', 200, dice % 200, 0, NULL, 1
      FROM numbers(400000) SETTINGS max_insert_threads = 1`)
    const range = { from: new Date(later).toISOString() }
    for (const limit of [1, 8, 300])
      for (const [order, amount] of BY) {
        const expected = await store.rows(
          theMostSql(`listened_at >= fromUnixTimestamp64Milli(toInt64(${later}))`, amount, limit),
        )
        assert.equal(expected.length, limit)
        assert.deepEqual(await theMost(range, order, limit), expected, `${limit} by ${order}`)
      }
  })
})
