import { createSocket, type Socket } from 'node:dgram'
import { createServer } from 'node:net'
import { Failure } from './failure.ts'

const LOOPBACK = '127.0.0.1'

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
 * Systems give ports from 32768 (Linux) or 49152 (RFC 6335, section 6) upward to outgoing connections. Such a port may be
 * taken between the moment it is found free and the moment its server starts, even by the client that waits for that server.
 */
const FIRST = 12_000
const END = 31_200
/** Processes begin their search at different ports, so that it is short. */
const STRETCH = 64
const TRIES = 2_000

let next = FIRST + ((STRETCH * process.pid) % (END - FIRST))

/** A port that no other process is offered until it is released or this process ends. */
export interface ReservedPort {
  port: number
  release(): void
}

/**
 * Reserves a port of the loopback address that nothing listens on, for a server that starts soon.
 * @throws Failure NO_FREE_PORT
 */
export async function reservePort(): Promise<ReservedPort> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = next
    next = port + 1 < END ? port + 1 : FIRST
    const reservation = await bindUdp(port)
    if (reservation === null) continue
    if (await isPortFree(port, LOOPBACK)) return { port, release: () => reservation.close() }
    reservation.close()
  }
  throw new Failure(
    'NO_FREE_PORT',
    `Of the ports ${FIRST} to ${END - 1}, ${TRIES} in a row are in use. Stop some of the programs that use them.`,
  )
}

/**
 * A port of the loopback address that nothing listens on, reserved until this process ends.
 * @throws Failure NO_FREE_PORT
 */
export async function freePort(): Promise<number> {
  return (await reservePort()).port
}

/**
 * Takes the UDP port of the same number. The system lets one process have it and releases it when that process ends, and the
 * server on the TCP port does not notice.
 * @returns null when another process has it
 */
function bindUdp(port: number): Promise<Socket | null> {
  const socket = createSocket('udp4')
  const { promise, resolve } = Promise.withResolvers<Socket | null>()
  socket.once('error', () => {
    socket.close()
    resolve(null)
  })
  socket.bind({ port, address: LOOPBACK, exclusive: true }, () => {
    // A reservation keeps no process running.
    socket.unref()
    resolve(socket)
  })
  return promise
}
