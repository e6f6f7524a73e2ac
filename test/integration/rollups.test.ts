import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { askDropOff } from '../../src/questions/drop-off.ts'
import { askHours } from '../../src/questions/hours.ts'
import { type ListenSource, listensFor } from '../../src/questions/listen-source.ts'
import { askMoodGenre } from '../../src/questions/mood-genre.ts'
import { askOverTime } from '../../src/questions/over-time.ts'
import { askRatings } from '../../src/questions/ratings.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'

const LISTENS = 400_000
const zone = 'Asia/Kolkata'
const Q = { zone }

/** Which rollup each default panel is answered from. */
const PANELS: [
  string,
  rollup: string,
  (listens: ListenSource, range: { from?: string; to?: string }) => Promise<unknown>,
][] = [
  ['the totals', 'listeners_by_day', (listens, range) => askTotals(listens, range)],
  [
    'plays over time',
    'by_quarter',
    (listens, range) => askOverTime(listens, { ...range, ...Q, unit: 'day' }),
  ],
  [
    'plays of each platform',
    'platforms_by_quarter',
    (listens, range) => askOverTime(listens, { ...range, ...Q, by: 'platform', unit: 'hour' }),
  ],
  [
    'plays of each genre',
    'genres_by_quarter',
    (listens, range) => askOverTime(listens, { ...range, ...Q, by: 'genre', unit: 'hour' }),
  ],
  [
    'plays in each mood',
    'moods_by_quarter',
    (listens, range) => askOverTime(listens, { ...range, ...Q, by: 'mood', unit: 'hour' }),
  ],
  ['songs', 'songs_by_day', (listens, range) => askTop(listens, { ...range, by: 'song' })],
  [
    'artists',
    'artists_by_day',
    (listens, range) => askTop(listens, { ...range, by: 'artist', order_by: 'time' }),
  ],
  ['genres', 'moods_and_genres_by_day', (listens, range) => askTop(listens, { ...range, by: 'genre' })],
  ['platforms', 'platforms_by_quarter', (listens, range) => askTop(listens, { ...range, by: 'platform' })],
  ['countries', 'cities_by_day', (listens, range) => askTop(listens, { ...range, by: 'country' })],
  ['cities', 'cities_by_day', (listens, range) => askTop(listens, { ...range, by: 'city' })],
  ['where people leave', 'percents_by_day', (listens, range) => askDropOff(listens, range)],
  ['hours of the week', 'by_quarter', (listens, range) => askHours(listens, { ...range, ...Q })],
  ['moods and genres', 'moods_and_genres_by_day', (listens, range) => askMoodGenre(listens, range)],
  ['ratings', 'ratings_by_day', (listens, range) => askRatings(listens, range)],
]

describe('the rollups', () => {
  let directory: string
  let store: Store
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-rollups-'))
    store = await openEmbeddedStore(directory)
    await migrate(store)
    await store.run(
      `INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, title, artist,
         genre, platform, city, country, mood, duration_seconds, listen_position, completed, rating, is_skipped)
       SELECT toUUID('00000000-0000-0000-0000-000000000001'), 0, number, '2026-04-20 00:00:00',
         toDateTime64('2026-04-01 00:00:00', 3, 'UTC') + toIntervalSecond(number * 4), toString(number % 5000),
         toString(number % 700), toString(number % 90), toString(number % 11), toString(number % 5),
         toString(number % 60), toString(number % 20), toString(number % 7), 200, number % 201, number % 3 = 0,
         if(number % 4 = 0, number % 11 / 2, NULL), number % 3 != 0
       FROM numbers(${LISTENS})`,
    )
    await store.run('OPTIMIZE TABLE listens FINAL')
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true })
  })

  /** The same listens, whose questions are also explained. */
  function explained(): { listens: ListenSource; plans: string[] } {
    const plans: string[] = []
    const rows: Store['rows'] = async (sql, ask) => {
      const plan = await store.rows<[string]>(`EXPLAIN ${sql}`, ask)
      plans.push(plan.join('\n'))
      return store.rows(sql, ask)
    }
    return { listens: listensFor({ rows }, EVERYONE), plans }
  }

  /** A table that keeps the engine from looking for a rollup: its limit leaves nothing out. */
  const ROWS = `(SELECT *, percent_listened, listener FROM listens LIMIT ${LISTENS})`

  for (const [panel, rollup, ask] of PANELS)
    for (const [named, range] of [
      ['of all time', {}],
      ['from a minute to another', { from: '2026-04-03T18:17:00Z', to: '2026-04-16T05:43:21Z' }],
    ] as const)
      it(`answer ${panel} ${named} from ${rollup}, as the rows do`, async () => {
        const { listens, plans } = explained()
        const answer = await ask(listens, range)
        assert.ok(
          plans.some((plan) => plan.includes(`(${rollup})`)),
          plans.join('\n\n'),
        )
        const fromRows = listensFor(store, EVERYONE, {
          rows: (sql, options) => store.rows(sql(ROWS), options),
        })
        assert.deepEqual(answer, await ask(fromRows, range))
      })
})
