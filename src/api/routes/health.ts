import type { Registry } from 'prom-client'
import { Type } from 'typebox'
import type { Readiness } from '../readiness.ts'
import { ReadinessSchema } from '../readiness.ts'
import type { App } from '../typed-app.ts'

export interface HealthRoutes {
  readiness: () => Promise<Readiness>
  registry: Registry
}

/** `GET /healthz`, `/readyz` and `/metrics`. */
export function healthRoutes(app: App, { readiness, registry }: HealthRoutes): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the process is alive',
        tags: ['operation'],
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether broker and store answer and the lag is known',
        tags: ['operation'],
        response: { 200: ReadinessSchema, 503: ReadinessSchema },
      },
    },
    async (_request, reply) => {
      const state = await readiness()
      return reply.code(state.ready ? 200 : 503).send(state)
    },
  )

  app.get(
    '/metrics',
    { schema: { summary: 'Metrics for Prometheus', tags: ['operation'], produces: ['text/plain'] } },
    async (_request, reply) => {
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  )
}
