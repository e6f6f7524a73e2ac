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
  /** Milliseconds that the store keeps what is archived. */
  keepMs: number
  signal: AbortSignal
  now?: () => number
  at?: (point: 'noted' | 'dropped') => void
}

/**
 * Drops from the store the runs of the archive of which every listen was stored so long ago. Before that the files are read
 * once more: what has gone from the archive since stays in the store.
 *
 * First it is noted what is dropped, and then it is dropped. In between, and after a crash there, it counts as
 * stored for the pipeline and as dropped for questions that read the archive, so neither sees it twice.
 * @returns how many listens were dropped
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
      'KEEP is for one ClickHouse server: leave it out, and drop from the shards of CLICKHOUSE_CLUSTER with a TTL of their own what the archive holds.',
    )
  try {
    const noted = new Set((await droppedRanges(store)).map(({ run }) => run))
    for (const run of runs) {
      if (signal.aborted) return 0
      if (noted.has(run.run)) continue
      // In their order, so that what is dropped of a partition is always all up to some offset.
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

/** How far each partition has been dropped. */
export async function droppedEnds(store: Store): Promise<ArchiveEnds> {
  const ranges = await droppedRanges(store)
  return archiveEnds([
    {
      ranges: ranges.map(({ topicId, partition, from, to }) => ({ topic_id: topicId, partition, from, to })),
    },
  ])
}

/** Whether the store has all of a run, as far as it ever will, and all of it from before. */
async function isOld(store: Store, { ranges }: ArchivedRun, before: number): Promise<boolean> {
  for (const topicId of new Set(ranges.map(({ topic_id }) => topic_id))) {
    const ofTopic = ranges.filter(({ topic_id }) => topic_id === topicId)
    const points = await resumePoints(
      store,
      topicId,
      ofTopic.map(({ partition }) => partition),
    )
    // A store that is filled anew from the topic has yet to come there.
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

/** Drops what is noted; also what a crash has left of what was noted before. */
async function dropNoted(store: Store): Promise<number> {
  const ends = await droppedEnds(store)
  const [[left] = [0]] = await store.rows<[number]>(
    `SELECT count() FROM listens AS l WHERE ${below(ends)}`,
    ASK,
  )
  if (left === 0) return 0
  // Parts are rewritten with their rollups and resume points, each at once, so that these agree with the rows all the time.
  await store.run(`ALTER TABLE listens DELETE WHERE ${below(ends, '')} SETTINGS mutations_sync = 2`, {
    background: true,
  })
  return left
}
