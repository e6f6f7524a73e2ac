import { isDeepStrictEqual } from 'node:util'
import type { Secret } from '../../settings/secret.ts'
import { authorization } from './rest-login.ts'

/** A connector or one of its tasks, as a worker describes it. */
interface Running {
  state: 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING'
  /** Of a failed one: the stack trace. */
  trace?: string
}

export interface ConnectorStatus {
  connector: Running
  tasks: readonly Running[]
}

/** The REST interface of a worker, as far as it is used here. Every call rejects when the worker does not answer. */
export interface ConnectRest {
  /** Whether it answers. */
  ping(): Promise<unknown>
  /** Gives a connector its configuration, where it has not the same already: any that is given starts it anew. */
  configure(name: string, config: Record<string, string>): Promise<unknown>
  /** By name, of all connectors that the worker knows. */
  statuses(): Promise<ReadonlyMap<string, ConnectorStatus>>
  /** Starts again what has failed of a connector. */
  restart(name: string): Promise<unknown>
}

const PATIENCE_MS = 10_000

/** @see https://kafka.apache.org/documentation/#connect_rest */
export function connectRest(url: string, password: Secret): ConnectRest {
  async function call(path: string, method = 'GET', body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        authorization: authorization(password),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`Kafka Connect answers ${response.status}: ${text.slice(0, 500)}`)
    return text === '' ? null : JSON.parse(text)
  }
  return {
    ping: () => call('/'),
    async configure(name, config) {
      const path = `/connectors/${name}/config`
      const known = await call(path).catch(() => null)
      if (!isDeepStrictEqual(known, config)) await call(path, 'PUT', config)
    },
    restart: (name) => call(`/connectors/${name}/restart?includeTasks=true&onlyFailed=true`, 'POST'),
    async statuses() {
      const answer = (await call('/connectors?expand=status')) as Record<string, { status: ConnectorStatus }>
      return new Map(Object.entries(answer).map(([name, { status }]) => [name, status]))
    },
  }
}
