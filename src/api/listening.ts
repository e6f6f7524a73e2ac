import { Failure } from '../runtime/failure.ts'
import type { App } from './typed-app.ts'

/** Where an app is to listen. */
export interface Listening {
  host: string
  /** 0 for any that is free. */
  port: number
  /** The setting that changes the port, for the message when it is taken. */
  setting: string
}

/**
 * Opens an app to the network.
 * @returns its address, as a person would open it
 * @throws Failure PORT_IN_USE; the app is closed by then
 */
export async function listenOn(app: App, { host, port, setting }: Listening): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Failure(
      'PORT_IN_USE',
      `Port ${port} is in use by another program. Stop it, or choose another port: set ${setting}, such as ${setting}=${port + 1}.`,
      { cause: error },
    )
  }
  const shown = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host
  const address = app.server.address()
  const opened = typeof address === 'object' && address !== null ? address.port : port
  return `http://${shown}:${opened}`
}
