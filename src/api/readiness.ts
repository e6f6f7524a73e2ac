import { type Static, Type } from 'typebox'
import type { SystemState } from '../outputs/status/system.ts'
import type { Lineages } from '../store/known-lineages.ts'
import { LostTailsSchema, recentlyLost } from './lost-tails.ts'

const PartSchema = Type.Object({
  ok: Type.Boolean(),
  detail: Type.String({ description: 'What is wrong and what to do; empty if nothing is' }),
})

export const ReadinessSchema = Type.Object({
  ready: Type.Boolean(),
  broker: PartSchema,
  store: PartSchema,
  pipeline: PartSchema,
  lag: Type.Object({
    known: Type.Boolean(),
    offsets: Type.Integer({ description: 'Records on the topic that are not stored yet' }),
  }),
  lost_tails: LostTailsSchema,
  systems: Type.Array(
    Type.Object({ name: Type.String(), ok: Type.Boolean(), state: Type.String(), detail: Type.String() }),
    {
      description: 'Outputs. An unavailable output does not make Playhead unready: its listens wait in Kafka',
    },
  ),
})

export type Readiness = Static<typeof ReadinessSchema>

/** What is asked to find out whether Playhead is ready. */
export interface Probes {
  /** Null where this process uses no Kafka. */
  broker: (() => Promise<unknown>) | null
  /** Null where this process uses no store. */
  store: (() => Promise<unknown>) | null
  /** The pipeline of this process; null where another process runs it. */
  pipeline: {
    lag(): ReadonlyMap<number, number>
    readonly trouble: string | null
    /** Whether other processes have all partitions, so that there is no lag to know. */
    readonly idle: boolean
  } | null
  /** Null where this process uses no store. */
  lineages: (() => Promise<Pick<Lineages, 'lostTails'>>) | null
  systems: () => readonly SystemState[]
}

const PROBE_MS = 3_000

/** Asks broker, store and pipeline how they are. Never throws and never takes much longer than three seconds. */
export async function probe({ broker, store, pipeline, lineages, systems }: Probes): Promise<Readiness> {
  const [brokerState, storeState] = await Promise.all([
    answer(
      broker ?? resolved,
      'Kafka does not answer. Check the broker (`playhead doctor`). Nothing is lost.',
    ),
    answer(store ?? resolved, 'ClickHouse does not answer. Check the server. Listens wait in Kafka.'),
  ])
  // Without an answer of Kafka nothing new is known about its logs.
  const lost = brokerState.ok ? await lineages?.().catch(() => null) : null
  const lag = pipeline?.lag() ?? new Map<number, number>()
  const trouble = pipeline?.trouble ?? null
  const pipelineState =
    trouble === null
      ? { ok: true, detail: '' }
      : { ok: false, detail: `${trouble}. Playhead retries until it succeeds. Listens wait in Kafka.` }
  const known = lag.size > 0 || (pipeline?.idle ?? false)
  return {
    ready: brokerState.ok && storeState.ok && pipelineState.ok && (known || pipeline === null),
    broker: brokerState,
    store: storeState,
    pipeline: pipelineState,
    lag: { known, offsets: [...lag.values()].reduce((sum, offsets) => sum + offsets, 0) },
    lost_tails: recentlyLost(lost?.lostTails ?? [], Date.now()),
    systems: systems().map(({ name, state, detail }) => ({
      name,
      ok: state === 'running' || state === 'starting',
      state,
      detail,
    })),
  }
}

const resolved = async () => {}

async function answer(ask: () => Promise<unknown>, detail: string): Promise<{ ok: boolean; detail: string }> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const limit = setTimeout(() => resolve(false), PROBE_MS)
  ask().then(
    () => resolve(true),
    () => resolve(false),
  )
  const ok = await promise
  clearTimeout(limit)
  return { ok, detail: ok ? '' : detail }
}
