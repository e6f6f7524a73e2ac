// Fills a store with generated listens inside the engine, and also writes them as Parquet.
import { initialCatalogue } from '../../src/catalogue/initial.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { BigStore } from '../big-store.ts'
import { parquetSql } from '../parquet.ts'
import { answer, told } from '../script.ts'

const DAYS = 90
const SONGS = 50_000
const ARTISTS = 8_000
const LISTENERS_SHARE = 1 / 200
const PARTITIONS = 12
/** Rows per INSERT. */
const CHUNK = 1_000_000
/** Activity by hour of the day (UTC). */
const BY_HOUR = [3, 2, 1, 1, 1, 2, 3, 5, 6, 5, 5, 6, 7, 6, 6, 6, 7, 8, 9, 9, 8, 7, 5, 4]
const CITIES: readonly (readonly [string, string])[] = [
  ['London', 'United Kingdom'],
  ['New York', 'United States'],
  ['São Paulo', 'Brazil'],
  ['Berlin', 'Germany'],
  ['Mumbai', 'India'],
  ['Jakarta', 'Indonesia'],
  ['Mexico City', 'Mexico'],
  ['Los Angeles', 'United States'],
  ['Paris', 'France'],
  ['Tokyo', 'Japan'],
  ['Manila', 'Philippines'],
  ['Toronto', 'Canada'],
  ['Madrid', 'Spain'],
  ['Sydney', 'Australia'],
  ['Stockholm', 'Sweden'],
  ['Buenos Aires', 'Argentina'],
  ['Lagos', 'Nigeria'],
  ['Osaka', 'Japan'],
  ['Warsaw', 'Poland'],
  ['Oslo', 'Norway'],
  ['Santiago', 'Chile'],
  ['Cairo', 'Egypt'],
  ['Seoul', 'South Korea'],
  ['Amsterdam', 'Netherlands'],
]

const text = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`
const list = (values: readonly (string | number)[]) =>
  `[${values.map((value) => (typeof value === 'string' ? text(value) : value)).join(', ')}]`
/** A number from 0 to below 1 that is the same for the same row. */
const chance = (name: string) => `sipHash64(number, ${text(name)}) / 18446744073709551616.`
const oneOf = (values: readonly (string | number)[], share: string) =>
  `${list(values)}[1 + toUInt32(floor(${share} * ${values.length}))]`

const { path, parquet, listens } = told<BigStore>()
const { platforms, moods, genres } = await initialCatalogue()
const listeners = Math.max(100, Math.round(listens * LISTENERS_SHARE))
const now = Date.now()
const hours = BY_HOUR.flatMap((weight, hour) => Array<number>(weight).fill(hour))
// Days end now instead of at midnight, so that the last one is complete. Hours keep their clock
// time.
const hourNow = new Date(now).getUTCHours()
const hoursAgo = hours.map((hour) => (hourNow - hour + 24) % 24)

/** Listens in a range of numbers, in order of time. */
const rowsSql = (from: number, to: number) => `INSERT INTO listens (
    topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, track_id, title, artist, genre,
    platform, city, country, mood, duration_seconds, listen_position, completed, rating, is_skipped)
  WITH
    intDiv(number * ${DAYS}, ${listens}) AS day,
    fromUnixTimestamp64Milli(toInt64(${now} - (${DAYS - 1} - day) * 86400000
      - ${oneOf(hoursAgo, chance('hour'))} * 3600000 - floor(${chance('second')} * 3600) * 1000), 'UTC') AS at,
    toUInt32(floor(exp(${chance('song')} * log(${SONGS + 1})))) AS song,
    1 + toUInt32(floor(pow(intHash32(song) / 4294967296., 2) * ${ARTISTS})) AS singer,
    toUInt32(floor(pow(${chance('listener')}, 1.5) * ${listeners})) AS listener,
    ${list(CITIES.map(([city, country]) => `${city}|${country}`))}[
      1 + toUInt32(floor(pow(intHash32(listener) / 4294967296., 1.4) * ${CITIES.length}))] AS home,
    120. + intHash32(song + 1) % 210 AS length,
    ${chance('left')} AS left, ${chance('where')} AS place,
    -- Of all plays 24.1 % are left within 5 s, 35.1 % within 30 s, 48.6 % before the end (Lamere, "The Skip", 2014).
    round(multiIf(left < 0.241, 5 * place, left < 0.351, 5 + 25 * place, left < 0.486, 30 + (length - 30) * place, length)) AS heard
  SELECT '00000000-0000-4000-8000-000000000001', number % ${PARTITIONS}, intDiv(number, ${PARTITIONS}),
    at + toIntervalMillisecond(200 + toUInt32(${chance('delay')} * 1800)), at,
    toString(reinterpretAsUUID(sipHash128('listener', listener))), concat('listener', toString(listener)),
    concat('listener', toString(listener), '@example.org'), toString(reinterpretAsUUID(sipHash128('song', song))),
    concat('Song ', toString(song)), concat('Artist ', toString(singer)), ${list(genres)}[1 + intHash32(singer) % ${genres.length}],
    ${list(platforms)}[1 + intHash32(listener + 7) % ${platforms.length}], splitByChar('|', home)[1], splitByChar('|', home)[2],
    ${oneOf(moods, chance('mood'))}, length, heard, heard / length >= 0.8,
    if(${chance('rates')} < 0.2, toFloat32(round(2 + 8 * pow(${chance('stars')}, 0.7)) / 2), NULL), heard / length < 0.8
  FROM numbers(${from}, ${to - from})
  SETTINGS max_threads = 2, max_insert_threads = 1, max_partitions_per_insert_block = 100`

const store = await openEmbeddedStore(path)
await migrate(store)
for (let from = 0; from < listens; from += CHUNK) {
  await store.run(rowsSql(from, Math.min(listens, from + CHUNK)))
  if ((from / CHUNK) % 10 === 9)
    process.stderr.write(`           ${(from + CHUNK).toLocaleString('en')} listens made\n`)
}
// A running store has merged its parts; a store that was just filled would answer at its slowest.
const SETTLED_LOOKS = 20
for (let quiet = 0, looks = 0; quiet < SETTLED_LOOKS && looks < 6_000; looks++) {
  const [row] = await store.rows<[number]>("SELECT count() FROM system.merges WHERE table = 'listens'")
  quiet = row?.[0] === 0 ? quiet + 1 : 0
  await new Promise((resolve) => setTimeout(resolve, 100))
}
// A running store has merged all but the last seconds, so its rollups cover nearly all rows.
// Without this, the last of these large INSERTs would have none.
const rollups = await store.rows<[string]>(
  "SELECT name FROM system.projections WHERE database = currentDatabase() AND table = 'listens'",
)
for (const [name] of rollups)
  await store.run(`ALTER TABLE listens MATERIALIZE PROJECTION ${name} SETTINGS mutations_sync = 2`)
await store.run(parquetSql(parquet))
answer({ listens })
