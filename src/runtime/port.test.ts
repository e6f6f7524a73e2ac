import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { freePort, isPortFree } from './port.ts'

const HOST = '127.0.0.1'
/** From here on Linux takes ports for outgoing connections. */
const OUTGOING = 32_768

describe('a free port', () => {
  it('is another one each time, and none that an outgoing connection may take', async () => {
    const ports: number[] = []
    for (let count = 0; count < 200; count++) ports.push(await freePort())
    assert.equal(new Set(ports).size, ports.length)
    assert.ok(ports.every((port) => port > 1_024 && port < OUTGOING))
  })

  it('is none that something listens on', async () => {
    const before = await freePort()
    const taken: ReturnType<typeof createServer>[] = []
    try {
      for (let port = before + 1; port <= before + 3; port++)
        if (await isPortFree(port, HOST)) {
          const server = createServer().listen(port, HOST)
          await once(server, 'listening')
          taken.push(server)
        }
      const offered = await freePort()
      assert.ok(offered > before + 3 || offered < before)
      assert.equal(await isPortFree(offered, HOST), true)
    } finally {
      for (const server of taken) server.close()
    }
  })
})
