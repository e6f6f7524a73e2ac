import type { Registry } from 'prom-client'
import type { Foundation } from '../foundation/foundation.ts'
import { createCassandra } from '../outputs/cassandra/cassandra.ts'
import { createFirestore } from '../outputs/firestore/firestore.ts'
import { sinkMetrics } from '../outputs/sink/metrics.ts'
import { startSink } from '../outputs/sink/sink.ts'
import type { SinkTarget } from '../outputs/sink/target.ts'
import type { System } from '../outputs/status/system.ts'
import type { Config } from '../settings/config.ts'
import type { SinkName } from '../settings/sinks.ts'

const TARGETS: Record<SinkName, (config: Config) => SinkTarget> = {
  cassandra: (config) => createCassandra(config.cassandra),
  firestore: (config) => createFirestore(config.firestore),
}

/**
 * Starts sinks. One whose system is away waits for it.
 * @param alone whether only this process can hand listens on to these systems
 */
export function startSinks(
  names: readonly SinkName[],
  {
    config,
    connection,
    registry,
    log,
  }: Pick<Foundation, 'config' | 'connection' | 'log'> & { registry: Registry },
  alone: boolean,
): System[] {
  if (names.length === 0) return []
  const metrics = sinkMetrics(registry)
  return names.map((name) =>
    startSink({ target: TARGETS[name](config), connection, topic: config.topic, alone, metrics, log }),
  )
}
