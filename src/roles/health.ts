import { createHealthApp } from '../api/health-app.ts'
import { type Probes, probe } from '../api/readiness.ts'
import type { Foundation } from './foundation.ts'
import { listenOn } from './listening.ts'

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of a process that has no page.
 * @param port 0 for any that is free
 * @throws Failure PORT_IN_USE
 */
export async function startHealth(
  { config, store, probe: kafka, registry, log }: Foundation,
  port: number,
  pipeline: Probes['pipeline'],
): Promise<{ url: string; stop(): Promise<void> }> {
  const app = createHealthApp({
    readiness: () => probe({ broker: () => kafka.ask(), store: () => store.ping(), pipeline }),
    registry,
    log,
  })
  const url = await listenOn(app, { host: config.host, port, setting: 'METRICS_PORT' })
  return { url, stop: () => app.close() }
}
