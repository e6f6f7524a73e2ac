import type { Logger } from 'pino'
import { type Static, Type } from 'typebox'
import type { TopicState, TopicWatch } from '../kafka/topic-watch.ts'
import type { PipelineFigures } from '../pipeline/figures.ts'
import type { ListenSource } from '../questions/listen-source.ts'
import { askStoredEnds } from '../questions/stored-after.ts'
import type { Lineages } from '../store/known-lineages.ts'
import { LostTailsSchema, recentlyLost } from './lost-tails.ts'

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

const SampleSchema = Type.Object({
  at: Type.Number({ description: 'Seconds since 1970 (UTC)' }),
  arrived: nullable(Type.Number({ description: 'Records a second that the topic was given' })),
  handled: nullable(Type.Number({ description: 'Records a second that were stored or dead-lettered' })),
  lag: nullable(Type.Integer({ description: 'Records that are in the topic and not handled yet' })),
})

export const PipelineStateSchema = Type.Object({
  at: Type.Number({ description: 'When the cluster was asked last, in seconds since 1970 (UTC)' }),
  partitions: Type.Array(
    Type.Object({
      partition: Type.Integer(),
      earliest: Type.Integer(),
      end: Type.Integer({ description: 'Offset of the next record' }),
      committed: nullable(Type.Integer()),
      stored: nullable(Type.Integer({ description: 'Offset after the last listen in the store' })),
      lag: Type.Integer(),
      leader: Type.Integer(),
      replicas: Type.Integer(),
      in_sync: Type.Integer(),
      member: nullable(Type.String({ description: 'Id of the member that reads it' })),
    }),
  ),
  group: Type.Object({
    id: Type.String(),
    state: Type.String(),
    members: Type.Array(
      Type.Object({
        id: Type.String(),
        client: Type.String(),
        host: Type.String(),
        partitions: Type.Array(Type.Integer()),
      }),
    ),
  }),
  process: Type.Object(
    {
      read: nullable(Type.Number()),
      stored: nullable(Type.Number()),
      dropped: nullable(Type.Number()),
      dead_lettered: nullable(Type.Number()),
      missing: nullable(Type.Number()),
      rebalances: nullable(Type.Number()),
      batch: nullable(Type.Number({ description: 'Records in the batch that grows' })),
      in_flight: nullable(Type.Number({ description: 'Records in the batch that is being stored' })),
      insert_seconds: nullable(Type.Number({ description: 'Average time of an INSERT' })),
      step_seconds: Type.Array(Type.Object({ step: Type.String(), seconds: Type.Number() })),
      live_readers: nullable(Type.Number()),
    },
    { description: 'Of this process alone, since it started; null where another process runs the pipeline' },
  ),
  lost_tails: LostTailsSchema,
  history: Type.Array(SampleSchema, { description: 'The last half hour, the oldest first' }),
})

export type PipelineState = Static<typeof PipelineStateSchema>
type Sample = Static<typeof SampleSchema>

export interface PipelineWatch {
  /** @throws what the client or the store throws, when one of them does not answer */
  state(): Promise<PipelineState>
  close(): Promise<void>
}

const EVERY_MS = 5_000
const KEPT = 360

/**
 * Watches how the topic fills and how it is emptied, whichever processes do that: from the cluster and the store, and
 * for what only it can know from this process.
 */
export function createPipelineWatch({
  topic,
  lineages,
  listens,
  pipeline,
  liveReaders,
  log,
}: {
  topic: TopicWatch
  /** The ids under which partitions are stored. */
  lineages: () => Promise<Pick<Lineages, 'idOf' | 'lostTails'>>
  /** Those of everyone; only their places are looked at. */
  listens: ListenSource
  /** The pipeline of this process; null where another process runs it. */
  pipeline: { figures(): Promise<PipelineFigures> } | null
  liveReaders: () => number
  log: Logger
}): PipelineWatch {
  const history: Sample[] = []
  let last: { at: number; end: number; handled: number } | null = null

  /** Notes where the topic and its readers stand now. */
  function note(state: TopicState, at: number): void {
    const end = sum(state.partitions.map((partition) => partition.end))
    const handled = sum(state.partitions.map(({ committed, earliest }) => committed ?? earliest))
    const seconds = last === null ? 0 : (at - last.at) / 1000
    // A topic that was made anew begins at 0 again: that is no negative rate.
    const rate = (now: number, before: number | undefined) =>
      before === undefined || seconds <= 0 ? null : Math.max(0, (now - before) / seconds)
    history.push({
      at: at / 1000,
      arrived: rate(end, last?.end),
      handled: rate(handled, last?.handled),
      lag: Math.max(0, end - handled),
    })
    history.splice(0, Math.max(0, history.length - KEPT))
    last = { at, end, handled }
  }

  async function sample(): Promise<void> {
    try {
      note(await topic.ask(), Date.now())
    } catch (error) {
      log.debug({ reason: error instanceof Error ? error.message : '' }, 'the topic could not be watched')
      history.push({ at: Date.now() / 1000, arrived: null, handled: null, lag: null })
      history.splice(0, Math.max(0, history.length - KEPT))
      last = null
    }
  }

  let sampling: Promise<void> = sample()
  const timer = setInterval(() => {
    sampling = sampling.then(sample)
  }, EVERY_MS)
  timer.unref()

  return {
    async state() {
      const [state, { idOf, lostTails }, ends, figures] = await Promise.all([
        topic.ask(),
        lineages(),
        askStoredEnds(listens),
        pipeline?.figures() ?? null,
      ])
      const reader = new Map(
        state.group.members.flatMap((member) => member.partitions.map((partition) => [partition, member.id])),
      )
      return {
        at: Date.now() / 1000,
        partitions: state.partitions.map(({ inSync, ...partition }) => ({
          ...partition,
          in_sync: inSync,
          stored: ends.next.get(idOf(partition.partition))?.[partition.partition] ?? null,
          lag: Math.max(0, partition.end - (partition.committed ?? partition.earliest)),
          member: reader.get(partition.partition) ?? null,
        })),
        group: state.group,
        process: processState(figures, liveReaders()),
        lost_tails: recentlyLost(lostTails, Date.now()),
        history: [...history],
      }
    },
    async close() {
      clearInterval(timer)
      await sampling
      await topic.close()
    },
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** What only this process knows; null where another process runs the pipeline. */
function processState(figures: PipelineFigures | null, liveReaders: number): PipelineState['process'] {
  return {
    read: figures?.read ?? null,
    stored: figures?.stored ?? null,
    dropped: figures?.dropped ?? null,
    dead_lettered: figures?.deadLettered ?? null,
    missing: figures?.missing ?? null,
    rebalances: figures?.rebalances ?? null,
    batch: figures?.batch ?? null,
    in_flight: figures?.inFlight ?? null,
    insert_seconds: figures?.insertSeconds ?? null,
    step_seconds: figures?.stepSeconds ?? [],
    live_readers: liveReaders,
  }
}
