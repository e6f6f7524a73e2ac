import type { PipelineState, Readiness } from '../api/answers.ts'
import { formatCount, formatRate, pluralise } from '../format/numbers.ts'

export interface Trouble {
  what: string
  /** What to do about it. */
  remedy: string
}

/** A lag that is this many seconds of what arrives is more than the batch that is on its way. */
const BEHIND_SECONDS = 10
const LOOKED_AT = 6

/** Whether the lag has only grown over the last samples. */
function grows(history: PipelineState['history']): boolean {
  const lags = history.slice(-LOOKED_AT).map(({ lag }) => lag ?? 0)
  return lags.length === LOOKED_AT && lags.every((lag, at) => at === 0 || lag > (lags[at - 1] ?? 0))
}

/** Everything that is unhealthy, the worst first, and what to do about each. */
export function troublesOf(
  readiness: Readiness | null | undefined,
  state: PipelineState | undefined,
): Trouble[] {
  const troubles: Trouble[] = []
  if (readiness === null)
    troubles.push({
      what: 'Playhead does not answer.',
      remedy: 'Check that it runs (`npm start`) and that this browser can reach it. This page reconnects.',
    })
  if (readiness)
    for (const [name, part] of [
      ['Kafka', readiness.broker],
      ['ClickHouse', readiness.store],
      ['The pipeline', readiness.pipeline],
    ] as const)
      if (!part.ok) troubles.push({ what: `${name} does not work.`, remedy: part.detail })
  if (!state) return troubles
  const { partitions, group, history, process } = state
  if (group.members.length === 0)
    troubles.push({
      what: 'No process reads the topic.',
      remedy:
        'Start a pipeline: `npx playhead process`, or `npm start` for everything. Records wait in Kafka.',
    })
  else {
    const unread = partitions.filter(({ member }) => member === null)
    if (unread.length > 0 && group.state === 'Stable')
      troubles.push({
        what: `${formatCount(unread.length)} ${pluralise(unread.length, 'partition is', 'partitions are')} not read by any process.`,
        remedy: 'New partitions are assigned within a minute. If this message stays, restart the pipeline.',
      })
  }
  const thin = partitions.filter(({ in_sync, replicas }) => in_sync < replicas)
  if (thin.length > 0)
    troubles.push({
      what: `${formatCount(thin.length)} ${pluralise(thin.length, 'partition has', 'partitions have')} fewer replicas in sync than configured.`,
      remedy: 'A broker is unavailable or slow. Check the brokers.',
    })
  const lag = partitions.reduce((sum, partition) => sum + partition.lag, 0)
  const arrived = history.at(-1)?.arrived ?? 0
  if (lag > arrived * BEHIND_SECONDS && lag > 100 && grows(history))
    troubles.push({
      what: `The lag is growing: ${formatCount(lag)} records wait, and ${formatRate(arrived)} arrive per second.`,
      remedy: 'Add processes (`npx playhead process`), up to one per partition, or a faster store.',
    })
  if ((process.missing ?? 0) > 0)
    troubles.push({
      what: `${formatCount(process.missing ?? 0)} records expired in the topic before they were read.`,
      remedy:
        'Raise the retention of the topic. Expired records are lost, unless their producer sends them again.',
    })
  for (const { partition, first_offset, end_offset } of state.lost_tails)
    troubles.push({
      what: `Kafka lost the end of partition ${partition}: ${formatCount(end_offset - first_offset)} stored records from offset ${formatCount(first_offset)} on.`,
      remedy:
        'Their listens stay in the store, and new records are stored too. Check the disks of the brokers, and that unclean.leader.election.enable is off. This message disappears after 7 days.',
    })
  return troubles
}
