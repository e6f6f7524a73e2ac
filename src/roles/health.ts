import { requireReach } from '../api/guard.ts'
import { createHealthApp } from '../api/health-app.ts'
import { listenOn } from '../api/listening.ts'
import { type Probes, probe } from '../api/readiness.ts'
import { systemMetrics } from '../outputs/status/metrics.ts'
import type { SystemState } from '../outputs/status/system.ts'
import type { Foundation } from './foundation.ts'

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of a process that has no page.
 * @param foundation without a store or a probe of Kafka where the process uses none
 * @param port 0 for any that is free
 * @param pipeline the pipeline of this process; null where it runs none
 * @param systems the systems that this process hands listens on to
 * @throws Failure PORT_IN_USE
 */
export async function startHealth(
  {
    config,
    store,
    probe: kafka,
    registry,
    log,
  }: Pick<Foundation, 'config' | 'registry' | 'log'> & {
    store: Foundation['store'] | null
    probe: Foundation['probe'] | null
  },
  port: number,
  pipeline: Probes['pipeline'],
  systems: () => readonly SystemState[] = () => [],
): Promise<{ url: string; stop(): Promise<void> }> {
  systemMetrics(registry, systems)
  requireReach(config)
  const app = createHealthApp({
    reach: config,
    readiness: () =>
      probe({
        broker: kafka === null ? null : () => kafka.ask(),
        store: store === null ? null : () => store.ping(),
        pipeline,
        systems,
      }),
    registry,
    log,
  })
  const url = await listenOn(app, { host: config.host, port, setting: 'METRICS_PORT' })
  return { url, stop: () => app.close() }
}
