import { type Static, Type } from 'typebox'
import type { SystemState } from '../../systems/system.ts'
import type { App } from '../app.ts'
import { ErrorSchema } from '../error.ts'

const SystemSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['connector', 'sink', 'archive']),
  state: Type.Enum(['starting', 'running', 'waiting', 'failed'], {
    description: '`waiting` goes on by itself as soon as it can; `failed` needs somebody',
  }),
  detail: Type.String({ description: 'What is wrong and what to do; empty when nothing is' }),
  handed: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens handed on since it was started',
  }),
  lag: Type.Union([Type.Integer(), Type.Null()], { description: 'Listens that it has yet to get' }),
})

export const SystemsAnswerSchema = Type.Object({ systems: Type.Array(SystemSchema) })

export type SystemsAnswer = Static<typeof SystemsAnswerSchema>

export interface SystemsRoutes {
  systems: () => readonly SystemState[]
}

/** `GET /api/systems`. */
export function systemsRoutes(app: App, { systems }: SystemsRoutes): void {
  app.get(
    '/api/systems',
    {
      schema: {
        summary: 'The systems that listens are handed on to by all processes, and how each is doing',
        tags: ['operation'],
        response: { 200: SystemsAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async () => ({ systems: [...systems()] }),
  )
}
