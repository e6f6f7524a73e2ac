import type { OffsetRange } from '../../store/absent-offsets.ts'
import { resumePoints } from '../../store/resume.ts'
import type { Store } from '../../store/store.ts'
import type { ArchivedRange, ArchivedRun } from './manifest.ts'
import { quoted } from './quoted.ts'

/** The rows that the next run archives. */
export interface Due {
  ranges: ArchivedRange[]
  /** Range of `stored_at` of its rows, in milliseconds since 1970, so that the engine can skip others. */
  firstStored: number
  lastStored: number
  /** Whether there is more than one run can hold. */
  more: boolean
  /** Partitions that wait until the pipeline has read lost rows again. */
  held: number
}

const HOUR_MS = 3_600_000
/** Rows per run: a file of at most some hundred megabytes, sorted in memory. */
const MOST_ROWS = 2_000_000
const MAX_SECONDS = 300
const ASK = { maxSeconds: MAX_SECONDS, background: true }

/** End of the archive: the offset after the last, per topic and partition. */
export type ArchiveEnds = ReadonlyMap<string, ReadonlyMap<number, number>>

/** Where the runs of an archive end. */
export function archiveEnds(runs: readonly Pick<ArchivedRun, 'ranges'>[]): ArchiveEnds {
  const ends = new Map<string, Map<number, number>>()
  for (const { ranges } of runs)
    for (const { topic_id, partition, to } of ranges) {
      const ofTopic = ends.get(topic_id) ?? new Map<number, number>()
      ends.set(topic_id, ofTopic.set(partition, Math.max(to, ofTopic.get(partition) ?? 0)))
    }
  return ends
}

/**
 * SQL condition: rows of `listens AS l` below these ends.
 * @param of prefix of column names
 */
export function below(ends: ArchiveEnds, of = 'l.'): string {
  const parts = [...ends].map(([topicId, partitions]) => {
    const next = Array.from(
      { length: Math.max(...partitions.keys()) + 1 },
      (_, at) => partitions.get(at) ?? 0,
    )
    return `(${of}topic_id = ${quoted(topicId)} AND ${of}kafka_offset < [${next.map(Number).join(', ')}][${of}kafka_partition + 1])`
  })
  return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`
}

/** SQL condition: rows of `listens AS l` in these ranges. */
export function inRanges(ranges: readonly ArchivedRange[]): string {
  const parts = ranges.map(
    ({ topic_id, partition, from, to }) =>
      `(l.topic_id = ${quoted(topic_id)} AND l.kafka_partition = ${Number(partition)}
        AND l.kafka_offset >= ${Number(from)} AND l.kafka_offset < ${Number(to)})`,
  )
  return `(${parts.join(' OR ')})`
}

/**
 * The next range to archive: for each partition, the offsets from the end of the archive to the first
 * listen stored in the current hour. Ranges are offsets and not hours, because a clock can be set
 * back and a listen can be stored in a past hour.
 *
 * A range ends before the first offset that the store has lost, which the pipeline reads again. So
 * every archived offset was stored, dead-lettered or absent, and no listen can be added later.
 * @param now milliseconds since 1970
 * @param openHour whether to include the current hour
 * @returns null if there is nothing to archive
 */
export async function askDue(
  store: Store,
  ends: ArchiveEnds,
  { now, openHour }: { now: number; openHour: boolean },
): Promise<Due | null> {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS
  // A later `stored_at` comes from a wrong clock; do not wait for it.
  const open = openHour
    ? '0'
    : `(l.stored_at >= fromUnixTimestamp64Milli(${hour}) AND l.stored_at < fromUnixTimestamp64Milli(${hour + 2 * HOUR_MS}))`
  const rows = await store.rows<[string, number, number, number, number, number]>(
    `SELECT toString(l.topic_id), l.kafka_partition, min(l.kafka_offset), max(l.kafka_offset),
       countIf(${open}), minIf(l.kafka_offset, ${open})
     FROM listens AS l WHERE NOT ${below(ends)} GROUP BY l.topic_id, l.kafka_partition ORDER BY l.topic_id, l.kafka_partition`,
    ASK,
  )
  const lost = await lostOffsets(
    store,
    rows.map(([topicId, partition]) => [topicId, partition]),
  )
  let held = 0
  const ranges: (ArchivedRange & { first: number })[] = []
  for (const [topic_id, partition, first, last, openRows, firstOpen] of rows) {
    const from = ends.get(topic_id)?.get(partition) ?? 0
    const closed = openRows > 0 ? firstOpen : last + 1
    const gap = lost.get(`${topic_id} ${partition}`) ?? []
    const hole = gap.find(({ to }) => to > from)
    const end = Math.min(closed, hole === undefined ? closed : Math.max(from, hole.from))
    if (end < closed) held += 1
    if (first < end) ranges.push({ topic_id, partition, from, to: end, first })
  }
  if (ranges.length === 0)
    return held === 0 ? null : { ranges, firstStored: 0, lastStored: 0, more: false, held }
  const all = await measureRanges(store, ranges)
  if (all.count <= MOST_ROWS) return { ranges: ranges.map(bare), ...all, more: false, held }
  const share = MOST_ROWS / all.count
  const some = ranges.map((range) => {
    const to = range.first + Math.ceil((range.to - range.first) * share)
    return bare({ ...range, to: Math.min(range.to, to) })
  })
  return { ranges: some, ...(await measureRanges(store, some)), more: true, held }
}

const bare = ({ topic_id, partition, from, to }: ArchivedRange): ArchivedRange => ({
  topic_id,
  partition,
  from,
  to,
})

async function measureRanges(store: Store, ranges: readonly ArchivedRange[]) {
  const [[count, firstStored, lastStored] = [0, 0, 0]] = await store.rows<[number, number, number]>(
    `SELECT count(), toUnixTimestamp64Milli(min(l.stored_at)), toUnixTimestamp64Milli(max(l.stored_at))
     FROM listens AS l WHERE ${inRanges(ranges)}`,
    ASK,
  )
  return { count, firstStored, lastStored }
}

/** Offsets that the store has lost, by topic and partition. */
async function lostOffsets(store: Store, places: readonly (readonly [string, number])[]) {
  const found = new Map<string, readonly OffsetRange[]>()
  for (const topicId of new Set(places.map(([id]) => id))) {
    const partitions = places.flatMap(([id, partition]) => (id === topicId ? [partition] : []))
    for (const [partition, { lost }] of await resumePoints(store, topicId, partitions))
      found.set(`${topicId} ${partition}`, lost)
  }
  return found
}
