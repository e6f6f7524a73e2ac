import type { Logger } from 'pino'
import { type FetchedRecord, lastOffsetOf } from '../kafka/fetched-record.ts'
import { type Batch, count, rowOf } from './batch.ts'
import type { PipelineMetrics } from './metrics.ts'
import type { Item } from './outcome.ts'
import { advance, isIndexed, isStored, type PartitionState } from './partition-state.ts'
import { STEPS, type StepContext } from './steps.ts'
import { trail } from './trail.ts'

export interface TakeStepsOptions {
  states: ReadonlyMap<number, PartitionState>
  catalogue: StepContext['catalogue']
  metrics: Pick<PipelineMetrics, 'read' | 'readBytes' | 'dropped' | 'stepSeconds'>
  log: Logger
}

/** Adds records to a batch, and takes them through {@link STEPS}. */
export function takeSteps(
  records: readonly FetchedRecord[],
  batch: Batch,
  { states, catalogue, metrics, log }: TakeStepsOptions,
): void {
  const now = performance.now()
  const context: StepContext = {
    isStored: ({ partition, offset }) => holds(isStored, states.get(partition), offset),
    isIndexed: ({ partition, offset }) => holds(isIndexed, states.get(partition), offset),
    catalogue,
    newSongs: batch.newSongs,
    lines: batch.lines,
    now: Date.now(),
  }
  let items = records.map((record): Item => {
    const { partition, offset } = record
    const state = states.get(partition)
    count(batch, record, now)
    // Of a batch that cannot be read, the first offset is the dead letter and the others are absent.
    const next = lastOffsetOf(record) + 1
    if (state !== undefined) batch.absent.push(...advance(state, partition, offset, offset + 1))
    if (state !== undefined && next > offset + 1) batch.absent.push(...advance(state, partition, next, next))
    metrics.readBytes.inc(record.value?.length ?? 0)
    return { record, listen: null, line: null }
  })
  metrics.read.inc(records.length)
  trail(log, 'record read', items)
  for (const step of STEPS) {
    const started = performance.now()
    const kept: Item[] = []
    for (const item of items) {
      const outcome = step.run(item, context)
      if (outcome.kind === 'ok') kept.push(item)
      else if (outcome.kind === 'drop') {
        metrics.dropped.inc({ reason: outcome.reason })
        trail(log, 'record left out', [{ record: item.record, reason: outcome.reason }])
      } else batch.dead.push({ record: item.record, why: outcome })
    }
    items = kept
    metrics.stepSeconds.inc({ step: step.name }, (performance.now() - started) / 1000)
  }
  for (const item of items) batch.rows.push(rowOf(item))
}

function holds(has: typeof isStored, state: PartitionState | undefined, offset: number): boolean {
  return state !== undefined && has(state, offset)
}
