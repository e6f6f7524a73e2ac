import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { FORMAT_NAMES, FORMATS } from '../../export/format.ts'
import { AllListensQuerySchema, askAllListens } from '../../questions/all-listens.ts'
import type { Store } from '../../store/store.ts'
import type { App } from '../app.ts'
import { ErrorSchema } from '../error.ts'
import { checkTimes } from '../times.ts'

const ExportQuerySchema = Type.Object(
  {
    ...AllListensQuerySchema.properties,
    format: Type.Optional(
      Type.Enum(FORMAT_NAMES, { default: 'jsonl', description: 'What to export the listens as' }),
    ),
  },
  { additionalProperties: false },
)

/** `GET /api/export`. */
export function exportRoutes(app: App, { store }: { store: Store }): void {
  app.get(
    '/api/export',
    {
      // A file that is compressed in itself, or that its reader wants as it is; and nothing may hold pieces of it back.
      compress: false,
      // HEAD would make all of the file and throw it away.
      exposeHeadRoute: false,
      schema: {
        summary: 'All listens of a filter as a file, streamed; `x-total-count` says how many',
        description:
          'The listens that are stored when it begins, the newest first unless `order` says otherwise. When it cannot be finished the connection breaks, so a file that ends well is whole.',
        tags: ['listens'],
        querystring: ExportQuerySchema,
        produces: FORMAT_NAMES.map((name) => FORMATS[name].contentType),
        response: { '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      const { format = 'jsonl', ...query } = request.query
      checkTimes(query)
      const { count, pages } = await askAllListens(store, query)
      const { contentType, encode } = FORMATS[format]
      reply.header('content-type', contentType)
      reply.header('content-disposition', `attachment; filename="playhead-listens.${format}"`)
      reply.header('x-total-count', String(count))
      return reply.send(Readable.from(encode(pages), { objectMode: false }) as never)
    },
  )
}
