import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { App } from '../typed-app.ts'

/** Where `npm start` builds the page. */
export const PAGE = fileURLToPath(new URL('../../../dist/web/', import.meta.url))

/** Every address that the page shows something at; web/src/view/place.ts says what. */
const ADDRESSES = ['/', '/insights', '/song', '/artist', '/pipeline', '/data']

/** The page: its files, and the page itself for every address of it. */
export async function pageRoutes(app: App): Promise<void> {
  if (!existsSync(PAGE)) {
    for (const address of ADDRESSES)
      app.get(address, { schema: { hide: true } }, async (_request, reply) =>
        reply
          .type('text/plain')
          .code(503)
          .send('The page has not been built. Start Playhead with `npm start`, which builds it.'),
      )
    return
  }
  await app.register(fastifyStatic, {
    root: PAGE,
    index: false,
    // A file under assets/ has its content's hash in its name and never changes; the rest is asked for each time.
    setHeaders(response, path) {
      const hashed = path.startsWith(`${PAGE}assets/`)
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  for (const address of ADDRESSES)
    app.get(address, { schema: { hide: true } }, async (_request, reply) => reply.sendFile('index.html'))
}
