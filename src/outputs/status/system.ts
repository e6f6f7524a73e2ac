import { type Static, Type } from 'typebox'

export const LONGEST_DETAIL = 2_000

export const SystemStateSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, description: 'Unique, such as cassandra' }),
  kind: Type.Enum(['connector', 'sink', 'archive'], {
    description: 'What hands listens on: a connector of Kafka Connect, a sink of our own, or the archive',
  }),
  state: Type.Enum(['starting', 'running', 'waiting', 'failed'], {
    description: '`waiting` goes on by itself as soon as it can; `failed` needs somebody',
  }),
  detail: Type.String({
    maxLength: LONGEST_DETAIL,
    description: 'What is wrong and what to do; empty when nothing is. Never a secret',
  }),
  handed: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens handed on since it was started; null where only the system itself counts them',
  }),
  lag: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens that it has yet to get; null while that is unknown',
  }),
})

/** How a system that listens are handed on to is doing, as whoever runs Playhead wants to know it. */
export type SystemState = Static<typeof SystemStateSchema>

/** One or more systems that run in this process or are looked after by it. */
export interface System {
  states(): readonly SystemState[]
  /** Hands on what is on its way, and ends. */
  stop(): Promise<void>
}
