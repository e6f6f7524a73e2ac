import { type Static, Type } from 'typebox'
import { type SystemState, SystemStateSchema } from '../../outputs/status/system.ts'
import { ErrorSchema } from '../error.ts'
import type { App } from '../typed-app.ts'

export const SystemsAnswerSchema = Type.Object({ systems: Type.Array(SystemStateSchema) })

export type SystemsAnswer = Static<typeof SystemsAnswerSchema>

export interface SystemsRoutes {
  /** The systems that receive listens, and how each is doing. */
  systems: () => readonly SystemState[]
}

/** `GET /api/systems`. */
export function systemsRoutes(app: App, { systems }: SystemsRoutes): void {
  app.get(
    '/api/systems',
    {
      schema: {
        summary: 'The outputs of all processes and their states',
        tags: ['operation'],
        response: { 200: SystemsAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async () => ({ systems: [...systems()] }),
  )
}
