import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { dropWhenStalled } from './stalled.ts'

/** Long enough that a reader on a busy machine makes progress within it. */
const PATIENCE_MS = 2_000
/** More than the buffers of a connection hold. */
const PIECE = Buffer.alloc(16 * 1_048_576)

describe('a reader that stalls', () => {
  it('is dropped, and one that reads is not', async (test) => {
    const dropped = Promise.withResolvers<void>()
    const server = createServer((request, response) => {
      dropWhenStalled(response, PATIENCE_MS)
      if (request.url === '/stalls') response.on('close', dropped.resolve)
      response.end(PIECE)
    }).listen(0, '127.0.0.1')
    test.after(() => {
      server.closeAllConnections()
      server.close()
    })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo

    const stalling = connect(port, '127.0.0.1').pause()
    stalling.write('GET /stalls HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await dropped.promise
    stalling.destroy()

    const { byteLength } = await (await fetch(`http://127.0.0.1:${port}/reads`)).arrayBuffer()
    assert.equal(byteLength, PIECE.length)
  })
})
