import type { FastifyInstance } from 'fastify'
import { Failure } from '../runtime/failure.ts'
import { RequestError } from './error.ts'

/** Who may reach an app, as the settings say. */
export interface Reach {
  /** The address that the app listens on. */
  host: string
  /** Whether other machines may reach it. */
  openToNetwork: boolean
  /** `https://host` of the proxy in front of the app; null without one. */
  publicUrl: string | null
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/
/** Names that no public DNS server answers, so no foreign page can point them at this machine. */
const LOCAL_NAME = /^([a-z0-9_-]+|[a-z0-9_.-]+\.local)$/
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host) || host === '::1'
}

/**
 * Refuses to open an app to other machines by accident.
 * @throws Failure OPEN_TO_NETWORK
 */
export function requireReach({ host, openToNetwork }: Reach): void {
  if (isLoopback(host) || openToNetwork) return
  throw new Failure(
    'OPEN_TO_NETWORK',
    `HOST=${host} lets other machines reach Playhead, and everyone who reaches it may read and change everything. Leave HOST out, or set OPEN_TO_NETWORK=on to accept that.`,
  )
}

/** The host name in a Host header or an address, in lower case and without the port; null for none. */
function nameIn(authority: string): string | null {
  const url = `http://${authority}`
  return authority !== '' && URL.canParse(url) ? new URL(url).hostname : null
}

/** Whether an app answers requests for this host. */
export function answersFor(name: string, { openToNetwork, publicUrl }: Omit<Reach, 'host'>): boolean {
  if (LOOPBACK.test(name)) return true
  if (publicUrl !== null && new URL(publicUrl).hostname === name) return true
  return openToNetwork && (ADDRESS.test(name) || LOCAL_NAME.test(name))
}

/**
 * Refuses requests that another web page makes in a visitor's browser.
 *
 * A page whose name points at this machine (DNS rebinding) has the same origin as the app, but names itself in the Host header. A
 * page of another origin names itself in the Origin header of requests that change something.
 */
export function guardRequests(app: FastifyInstance, reach: Reach): void {
  app.addHook('onRequest', async (request) => {
    const { host = '', origin } = request.headers
    const name = nameIn(host)
    if (name === null || !answersFor(name, reach))
      throw new RequestError(
        403,
        'host_not_allowed',
        'Playhead does not answer for this host name. Open it at http://localhost and its port, or set PUBLIC_URL to the address that people open.',
      )
    if (origin === undefined || SAFE_METHODS.has(request.method)) return
    const own = URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host
    if (own || origin === reach.publicUrl) return
    throw new RequestError(
      403,
      'origin_not_allowed',
      'This request comes from a page of another origin. Use the page of this Playhead, or set PUBLIC_URL to its address.',
    )
  })
}
