import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { FORMAT_NAMES, FORMATS } from '../../export/format.ts'
import { AllListensQuerySchema, askAllListens } from '../../questions/all-listens.ts'
import { withSpellings } from '../../questions/countries.ts'
import type { ListensFor } from '../../questions/listen-source.ts'
import { ErrorSchema, RequestError } from '../error.ts'
import { dropWhenStalled } from '../stalled.ts'
import { settleTimes } from '../times.ts'
import type { App } from '../typed-app.ts'

/** Each holds some pages of listens in memory. */
const EXPORTS_AT_ONCE = 8
/** A reader that takes nothing for so long is dropped. */
const PATIENCE_MS = 120_000
const RETRY_AFTER_S = 10

const ExportQuerySchema = Type.Object(
  {
    ...AllListensQuerySchema.properties,
    format: Type.Optional(
      Type.Enum(FORMAT_NAMES, { default: 'jsonl', description: 'What to export the listens as' }),
    ),
    bom: Type.Optional(
      Type.Boolean({
        description: 'csv: begin with a byte order mark, by which spreadsheets know the text as UTF-8',
      }),
    ),
  },
  { additionalProperties: false },
)

export interface ExportRoutes {
  /** Listens in the store and, where the settings say so, in the archive. */
  history: ListensFor
}

/** `GET /api/export`. */
export function exportRoutes(app: App, { history }: ExportRoutes): void {
  let running = 0
  app.get(
    '/api/export',
    {
      // A file that is compressed in itself, or that its reader wants as it is; and nothing may hold pieces of it back.
      compress: false,
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
      const { format = 'jsonl', bom = false, ...query } = request.query
      settleTimes(query)
      if (bom && format !== 'csv')
        throw new RequestError(400, 'invalid_parameter', 'bom is for the format csv.', 'bom')
      const listens = history(request.scope)
      const { contentType, encode } = FORMATS[format]
      const file = (count: number) =>
        reply.headers({
          'content-type': contentType,
          'content-disposition': `attachment; filename="playhead-listens.${format}"`,
          'x-total-count': String(count),
        })
      if (request.method === 'HEAD') {
        const { count } = await askAllListens(listens, await withSpellings(listens, query))
        // As a stream, to which no character set is added.
        return file(count).send(Readable.from([]) as never)
      }
      if (running >= EXPORTS_AT_ONCE) {
        reply.header('retry-after', String(RETRY_AFTER_S))
        throw new RequestError(
          503,
          'too_many_exports',
          `${EXPORTS_AT_ONCE} exports are running, which is the most at once. Try again when one has ended.`,
        )
      }
      running += 1
      reply.raw.once('close', () => {
        running -= 1
      })
      dropWhenStalled(reply.raw, PATIENCE_MS)
      const { count, pages } = await askAllListens(listens, await withSpellings(listens, query))
      const pieces = bom ? withMark(encode(pages)) : encode(pages)
      return file(count).send(Readable.from(pieces, { objectMode: false }) as never)
    },
  )
}

async function* withMark(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  yield '\ufeff'
  yield* pieces
}
