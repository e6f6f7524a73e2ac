import { type Static, Type } from 'typebox'

export const LONGEST_DETAIL = 2_000

export const SystemStateSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, description: 'Unique, such as cassandra' }),
  kind: Type.Enum(['connector', 'sink', 'archive'], {
    description: 'Kind of output: a Kafka Connect connector, a sink, or the archive',
  }),
  state: Type.Enum(['starting', 'running', 'waiting', 'failed'], {
    description: '`waiting` continues by itself; `failed` needs someone to act',
  }),
  detail: Type.String({
    maxLength: LONGEST_DETAIL,
    description: 'What is wrong and what to do; empty if nothing is. Never a secret',
  }),
  handed: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens acknowledged since the start; null if only the output itself counts them',
  }),
  lag: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens that it has not received yet; null if unknown',
  }),
})

/** The state of an output, for operators. */
export type SystemState = Static<typeof SystemStateSchema>

/** One or more outputs that this process runs or manages. */
export interface System {
  states(): readonly SystemState[]
  /** Finishes running writes and stops. */
  stop(): Promise<void>
}
