import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'

const HOST = '127.0.0.1'

/** A network path with injectable faults: forwards connections to a local port. */
export interface TcpProxy {
  port: number
  /** `host:port` for clients. */
  address: string
  /** Forwards new connections to another port. */
  pointTo(port: number): void
  /** Delays all bytes by this time, plus or minus up to `jitterMs`, in order. */
  delay(ms: number, jitterMs?: number): void
  /**
   * Holds all data back in both directions. Connections stay open, and new ones are accepted and
   * held too.
   */
  stall(): void
  /** Ends a stall and delivers the held data. */
  resume(): void
  /**
   * Forgets the current connections, like a firewall or a host that lost power: data sent on them
   * is lost, and neither side is told. New connections work.
   */
  forget(): void
  /** Resets all connections. */
  reset(): void
  /** Number of connections, without forgotten ones. */
  readonly connections: number
  close(): Promise<void>
}

/** A client's connection and its upstream connection. */
interface Link {
  client: Socket
  server: Socket
  forgotten: boolean
}

/** Opens a proxy on a free port and keeps the port until it is closed. */
export async function openProxy(target = 0): Promise<TcpProxy> {
  const links = new Set<Link>()
  let delay = { ms: 0, jitterMs: 0 }
  let stalled = false

  /**
   * Forwards bytes in one direction. Each chunk waits for the one before it, so that jitter cannot
   * reorder them.
   */
  function carry(link: Link, from: Socket, to: Socket): void {
    let last = Promise.resolve()
    const later = (act: () => void) => {
      const due = performance.now() + delay.ms + (2 * Math.random() - 1) * delay.jitterMs
      last = last
        .then(() => waitUntil(due))
        .then(() => {
          if (!link.forgotten && !to.destroyed) act()
        })
    }
    from.on('data', (bytes) => later(() => to.write(bytes)))
    from.on('end', () => later(() => to.end()))
    from.on('error', () => {})
    from.on('close', () => {
      if (link.forgotten) return
      links.delete(link)
      later(() => to.destroy())
    })
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const options = { host: HOST, port: target, allowHalfOpen: true, noDelay: true }
    const link: Link = { client, server: createConnection(options), forgotten: false }
    links.add(link)
    carry(link, link.client, link.server)
    carry(link, link.server, link.client)
    // A connection that the upstream port refuses ends early.
    link.server.on('error', () => client.resetAndDestroy())
    if (stalled) for (const socket of [link.client, link.server]) socket.pause()
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const forgotten = new Set<Link>()
  const sockets = () => [...links].flatMap((link) => [link.client, link.server])

  return {
    port,
    address: `${HOST}:${port}`,
    pointTo(next) {
      target = next
    },
    delay(ms, jitterMs = 0) {
      delay = { ms, jitterMs }
    },
    stall() {
      stalled = true
      for (const socket of sockets()) socket.pause()
    },
    resume() {
      stalled = false
      for (const socket of sockets()) socket.resume()
    },
    forget() {
      for (const link of links) {
        link.forgotten = true
        forgotten.add(link)
      }
      links.clear()
    },
    reset() {
      for (const socket of sockets()) socket.resetAndDestroy()
    },
    get connections() {
      return links.size
    },
    async close() {
      server.close()
      for (const { client, server } of [...links, ...forgotten])
        for (const socket of [client, server]) socket.destroy()
      await once(server, 'close')
    },
  }
}

async function waitUntil(due: number): Promise<void> {
  const left = due - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
