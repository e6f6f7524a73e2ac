import { createServer } from 'node:net'
import { Failure } from './failure.ts'

/** Whether nothing listens on a port of this machine's address. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/**
 * Systems give ports from 32768 (Linux) or 49152 (RFC 6335, section 6) upward to outgoing connections. A port from there
 * may be taken between the moment it is found free and the moment its server starts, even by the client that waits for
 * that server.
 */
const FIRST = 12_000
/** Processes whose ids are near each other begin this far apart, so that they are not offered the same port at once. */
const STRETCH = 64
const STRETCHES = 300
const END = FIRST + STRETCH * STRETCHES
const TRIES = 2_000

let next = FIRST + STRETCH * (process.pid % STRETCHES)

/**
 * A port of the loopback address that nothing listens on, for a server that is started soon; another one each time.
 * @throws Failure NO_FREE_PORT
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = next
    next = port + 1 < END ? port + 1 : FIRST
    if (await isPortFree(port, '127.0.0.1')) return port
  }
  throw new Failure(
    'NO_FREE_PORT',
    `Of the ports ${FIRST} to ${END - 1}, ${TRIES} in a row are used by other programs. Stop some of them.`,
  )
}
