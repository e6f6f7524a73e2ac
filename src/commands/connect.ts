import { collectDefaultMetrics, Registry } from 'prom-client'
import { connectionOf } from '../kafka/client.ts'
import { createProbe } from '../kafka/probe.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { startReporter } from '../outputs/status/reporter.ts'
import { startConnectors } from '../roles/connect.ts'
import { startHealth } from '../roles/health.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import type { Command } from './command.ts'

/** `playhead connect`: a Kafka Connect worker for a running broker. */
export const connectCommand: Command = {
  summary: 'run Kafka Connect with the connectors of CONNECTORS',
  async run(config, _flags, signal) {
    const { connectors } = config.connect
    if (connectors.length === 0)
      throw new Failure('BAD_SETTING', 'No connectors are set. Set CONNECTORS, such as CONNECTORS=postgres.')
    const log = createLogger(config.logLevel)
    const connection = connectionOf(config)
    await ensureTopics(connection, config.topic, { deadLetters: false })
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const [system] = await startConnectors({ config, connection, log })
    const states = () => system?.states() ?? []
    const reporter = startReporter({ connection, topic: config.topic, states, log })
    const probe = createProbe(connection, config.topic)
    const { metricsPort } = config
    const health =
      metricsPort === null
        ? null
        : await startHealth({ config, store: null, probe, registry, log }, metricsPort, null, states)
    if (health !== null) process.stdout.write(`Health and metrics are at ${health.url}\n`)
    process.stderr.write(`Kafka Connect runs ${connectors.join(', ')}\n`)
    await untilStopped(signal)
    await health?.stop()
    await reporter.stop()
    await system?.stop()
    await probe.close()
    return 0
  },
}
