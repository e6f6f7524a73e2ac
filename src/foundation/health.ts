import { requireReach } from '../api/guard.ts'
import { createHealthApp } from '../api/health-app.ts'
import { listenOn } from '../api/listening.ts'
import { type Probes, probe } from '../api/readiness.ts'
import { systemMetrics } from '../outputs/status/metrics.ts'
import type { SystemState } from '../outputs/status/system.ts'
import { knownLineages } from '../store/known-lineages.ts'
import type { Foundation } from './foundation.ts'

/** What a health server needs; a store and a probe of Kafka only where the process uses them. */
type Served = Pick<Foundation, 'config' | 'registry' | 'log'> & {
  store: Foundation['store'] | null
  probe: Foundation['probe'] | null
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of a process without a page on METRICS_PORT, and prints the address; does
 * nothing if that setting is empty.
 * @param running stops the server
 * @param options.pipeline the pipeline of this process; null for none
 * @param options.systems the outputs of this process
 * @throws Failure PORT_IN_USE
 */
export async function serveHealth(
  { config, store, probe: kafka, registry, log }: Served,
  running: AsyncDisposableStack,
  {
    pipeline = null,
    systems = () => [],
  }: { pipeline?: Probes['pipeline']; systems?: () => readonly SystemState[] },
): Promise<void> {
  const { metricsPort: port } = config
  if (port === null) return
  systemMetrics(registry, systems)
  requireReach(config)
  const lineages = store === null || kafka === null ? null : knownLineages(store, () => kafka.topicId())
  const app = createHealthApp({
    reach: config,
    readiness: () =>
      probe({
        broker: kafka === null ? null : () => kafka.ask(),
        store: store === null ? null : () => store.ping(),
        pipeline,
        lineages,
        systems,
      }),
    registry,
    log,
  })
  running.defer(() => app.close())
  const url = await listenOn(app, { host: config.host, port, setting: 'METRICS_PORT' })
  process.stdout.write(`Health and metrics are at ${url}\n`)
}
