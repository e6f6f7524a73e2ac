import { Type } from 'typebox'
import { listenJsonSchemaDocument } from '../../listen/json-schema.ts'
import type { App } from '../typed-app.ts'

/** `GET /api/schema/listen.json`. */
export function schemaRoutes(app: App): void {
  const document = listenJsonSchemaDocument()
  app.get(
    '/api/schema/listen.json',
    {
      schema: {
        summary: 'JSON Schema (2020-12) of the event on the topic',
        tags: ['listens'],
        response: { 200: Type.Unknown() },
      },
    },
    async (_request, reply) => reply.type('application/schema+json').send(document),
  )
}
