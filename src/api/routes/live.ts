import { FilterSchema } from '../../questions/filter.ts'
import { ErrorSchema } from '../error.ts'
import type { LiveFeed, Reader } from '../live-feed.ts'
import { decodePosition } from '../live-position.ts'
import { settleTimes } from '../times.ts'
import type { App } from '../typed-app.ts'

const HEARTBEAT_MS = 15_000
const HEARTBEAT = Buffer.from(': alive\n\n')
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that buffer would turn live into late.
  'x-accel-buffering': 'no',
}
/** Bytes that may wait for a reader. One that is slower than this is dropped; its browser comes back by itself. */
const PATIENCE_BYTES = 1_048_576

/** `GET /api/live`: what has just been stored, as server-sent events. */
export function liveRoutes(app: App, { feed, onSlow }: { feed: LiveFeed; onSlow: () => void }): void {
  const open = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })

  app.get(
    '/api/live',
    {
      schema: {
        summary: 'What has just been stored, as server-sent events',
        description:
          'Events: `hello` once; `listens` with the newest first, how many were stored, and whether this is a ' +
          'sample of them; `gap` when too much was missed to send it again. Takes `Last-Event-ID`.',
        tags: ['listens'],
        querystring: FilterSchema,
        produces: ['text/event-stream'],
        response: { '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      settleTimes(request.query)
      if (request.method === 'HEAD') return reply.headers(HEADERS).send('' as never)
      const lastId = request.headers['last-event-id']
      const seen = typeof lastId === 'string' ? decodePosition(lastId) : null
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value)
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, HEADERS)
      raw.write('retry: 1000\n\n')

      const reader: Reader = {
        scope: request.scope,
        filter: request.query,
        write(bytes) {
          raw.write(bytes)
          if (raw.writableLength <= PATIENCE_BYTES) return
          onSlow()
          raw.destroy()
        },
      }
      const leave = feed.follow(reader, seen)
      const heartbeat = setInterval(() => reader.write(HEARTBEAT), HEARTBEAT_MS)
      const end = () => {
        clearInterval(heartbeat)
        leave()
        open.delete(end)
        raw.end()
      }
      open.add(end)
      raw.on('close', end)
      raw.on('error', end)
    },
  )
}
