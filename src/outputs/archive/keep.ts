import { Failure } from '../../runtime/failure.ts'
import { droppedRanges, noteDropped } from '../../store/dropped-listens.ts'
import { resumePoints } from '../../store/resume.ts'
import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { measureFile } from './archive.ts'
import { type ArchiveEnds, archiveEnds, below, inRanges } from './due.ts'
import { archiveFailure } from './failure.ts'
import type { ArchivedRun } from './manifest.ts'

const MAX_SECONDS = 1_800
const ASK = { maxSeconds: MAX_SECONDS, background: true }

export interface KeepOptions {
  /** Milliseconds that the store keeps archived listens. */
  keepMs: number
  signal: AbortSignal
  now?: () => number
  at?: (point: 'noted' | 'dropped') => void
}

/**
 * Drops runs from the store whose listens were all stored before that time. It reads their files again
 * first; listens whose files are missing stay in the store.
 *
 * The offsets are recorded before they are dropped. In between, and after a crash there, they count as
 * stored for the pipeline and as dropped for questions, so neither counts them twice.
 * @returns number of listens dropped
 * @throws Failure ARCHIVE_… as archiving
 */
export async function dropArchived(
  store: Store,
  address: ArchiveAddress,
  runs: readonly ArchivedRun[],
  { keepMs, signal, now = Date.now, at = () => {} }: KeepOptions,
): Promise<number> {
  if (store.isCluster)
    throw new Failure(
      'KEEP_NOT_ON_CLUSTER',
      'KEEP does not work with CLICKHOUSE_CLUSTER. Remove KEEP, and drop archived listens from the shards with a TTL.',
    )
  try {
    const noted = new Set((await droppedRanges(store)).map(({ run }) => run))
    for (const run of runs) {
      if (signal.aborted) return 0
      if (noted.has(run.run)) continue
      // In order, so that a partition is always dropped up to some offset.
      if (!(await isOld(store, run, now() - keepMs)) || !(await isThere(store, address, run))) break
      await note(store, run)
      at('noted')
    }
    const dropped = await dropNoted(store)
    at('dropped')
    return dropped
  } catch (error) {
    throw archiveFailure(error, address)
  }
}

/** Offset up to which each partition is dropped. */
export async function droppedEnds(store: Store): Promise<ArchiveEnds> {
  const ranges = await droppedRanges(store)
  return archiveEnds([
    {
      ranges: ranges.map(({ topicId, partition, from, to }) => ({ topic_id: topicId, partition, from, to })),
    },
  ])
}

/** Whether the store has the complete run, all of it stored before that time. */
async function isOld(store: Store, { ranges }: ArchivedRun, before: number): Promise<boolean> {
  for (const topicId of new Set(ranges.map(({ topic_id }) => topic_id))) {
    const ofTopic = ranges.filter(({ topic_id }) => topic_id === topicId)
    const points = await resumePoints(
      store,
      topicId,
      ofTopic.map(({ partition }) => partition),
    )
    // A store that is being refilled from the topic may not have read these offsets yet.
    for (const { partition, to } of ofTopic) {
      const { handled = -1, lost = [] } = points.get(partition) ?? {}
      if (handled + 1 < to || lost.some(({ from }) => from < to)) return false
    }
  }
  const [[younger] = [0]] = await store.rows<[number]>(
    `SELECT count() FROM listens AS l WHERE l.stored_at >= fromUnixTimestamp64Milli(${Math.floor(before)}) AND ${inRanges(ranges)}`,
    ASK,
  )
  return younger === 0
}

async function isThere(
  store: Store,
  address: ArchiveAddress,
  { run, contents }: ArchivedRun,
): Promise<boolean> {
  for (const day of new Set(contents.map((one) => one.day))) {
    const wanted = contents.filter((one) => one.day === day)
    if (JSON.stringify(await measureFile(store, address, run, day)) !== JSON.stringify(wanted)) return false
  }
  return true
}

async function note(store: Store, { run, ranges }: ArchivedRun): Promise<void> {
  await store.run(
    `INSERT INTO dropped_once_keys SELECT DISTINCT l.once_key FROM listens AS l WHERE l.once_key != '' AND ${inRanges(ranges)}`,
    { background: true },
  )
  const counts = await store.rows<[string, number, number]>(
    `SELECT toString(l.topic_id), l.kafka_partition, count() FROM listens AS l WHERE ${inRanges(ranges)}
     GROUP BY l.topic_id, l.kafka_partition`,
    ASK,
  )
  await noteDropped(
    store,
    ranges.map(({ topic_id, partition, from, to }) => ({
      run,
      topicId: topic_id,
      partition,
      from,
      to,
      listens: counts.find(([id, number]) => id === topic_id && number === partition)?.[2] ?? 0,
    })),
  )
}

/** Drops recorded offsets, including those that an earlier crash left. */
async function dropNoted(store: Store): Promise<number> {
  const ends = await droppedEnds(store)
  const [[left] = [0]] = await store.rows<[number]>(
    `SELECT count() FROM listens AS l WHERE ${below(ends)}`,
    ASK,
  )
  if (left === 0) return 0
  // The mutation rewrites each part together with its rollups and resume points, so they always agree.
  await store.run(`ALTER TABLE listens DELETE WHERE ${below(ends, '')} SETTINGS mutations_sync = 2`, {
    background: true,
  })
  return left
}
