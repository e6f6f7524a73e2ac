import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { askDropOff } from '../../src/questions/drop-off.ts'
import { askHours } from '../../src/questions/hours.ts'
import { askMoodGenre } from '../../src/questions/mood-genre.ts'
import { askOverTime } from '../../src/questions/over-time.ts'
import { askRatings } from '../../src/questions/ratings.ts'
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
  (store: Store, range: { from?: string; to?: string }) => Promise<unknown>,
][] = [
  ['the totals', 'listeners_by_day', (store, range) => askTotals(store, range)],
  ['plays over time', 'by_quarter', (store, range) => askOverTime(store, { ...range, ...Q, unit: 'day' })],
  [
    'plays of each platform',
    'platforms_by_quarter',
    (store, range) => askOverTime(store, { ...range, ...Q, by: 'platform', unit: 'hour' }),
  ],
  [
    'plays of each genre',
    'genres_by_quarter',
    (store, range) => askOverTime(store, { ...range, ...Q, by: 'genre', unit: 'hour' }),
  ],
  [
    'plays in each mood',
    'moods_by_quarter',
    (store, range) => askOverTime(store, { ...range, ...Q, by: 'mood', unit: 'hour' }),
  ],
  ['songs', 'songs_by_day', (store, range) => askTop(store, { ...range, by: 'song' })],
  [
    'artists',
    'artists_by_day',
    (store, range) => askTop(store, { ...range, by: 'artist', order_by: 'time' }),
  ],
  ['genres', 'moods_and_genres_by_day', (store, range) => askTop(store, { ...range, by: 'genre' })],
  ['platforms', 'platforms_by_quarter', (store, range) => askTop(store, { ...range, by: 'platform' })],
  ['countries', 'cities_by_day', (store, range) => askTop(store, { ...range, by: 'country' })],
  ['cities', 'cities_by_day', (store, range) => askTop(store, { ...range, by: 'city' })],
  ['where people leave', 'percents_by_day', (store, range) => askDropOff(store, range)],
  ['hours of the week', 'by_quarter', (store, range) => askHours(store, { ...range, ...Q })],
  ['moods and genres', 'moods_and_genres_by_day', (store, range) => askMoodGenre(store, range)],
  ['ratings', 'ratings_by_day', (store, range) => askRatings(store, range)],
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

  /** The same store, whose questions are explained beside being answered. */
  function explained(): { store: Store; plans: string[] } {
    const plans: string[] = []
    const rows: Store['rows'] = async (sql, ask) => {
      const plan = await store.rows<[string]>(`EXPLAIN ${sql}`, ask)
      plans.push(plan.join('\n'))
      return store.rows(sql, ask)
    }
    return { store: { ...store, rows }, plans }
  }

  for (const [panel, rollup, ask] of PANELS)
    for (const [named, range] of [
      ['of all time', {}],
      ['from a minute to another', { from: '2026-04-03T18:17:00Z', to: '2026-04-16T05:43:21Z' }],
    ] as const)
      it(`answer ${panel} ${named} from ${rollup}, as the rows do`, async () => {
        const { store: asked, plans } = explained()
        const answer = await ask(asked, range)
        assert.ok(
          plans.some((plan) => plan.includes(`(${rollup})`)),
          plans.join('\n\n'),
        )
        // A limit that leaves nothing out keeps the engine from looking for a rollup.
        const fromRows: Store = {
          ...store,
          rows: (sql, options) =>
            store.rows(
              sql.replaceAll(
                'FROM listens ',
                `FROM (SELECT *, percent_listened, listener FROM listens LIMIT ${LISTENS}) `,
              ),
              options,
            ),
        }
        assert.deepEqual(answer, await ask(fromRows, range))
      })
})
