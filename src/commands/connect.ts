import { collectDefaultMetrics, Registry } from 'prom-client'
import { serveHealth } from '../foundation/health.ts'
import { connectionOf } from '../kafka/client.ts'
import { createProbe } from '../kafka/probe.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { startReporter } from '../outputs/status/reporter.ts'
import { startConnectors } from '../roles/connect.ts'
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
    await using running = new AsyncDisposableStack()
    const connection = connectionOf(config)
    await ensureTopics(connection, config.topic, { deadLetters: false })
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const [system] = await startConnectors({ config, connection, log })
    const states = () => system?.states() ?? []
    running.defer(() => system?.stop())
    running.adopt(startReporter({ connection, topic: config.topic, states, log }), (reporter) =>
      reporter.stop(),
    )
    const probe = running.adopt(createProbe(connection, config.topic), (opened) => opened.close())
    await serveHealth({ config, store: null, probe, registry, log }, running, { systems: states })
    process.stderr.write(`Kafka Connect runs ${connectors.join(', ')}\n`)
    await untilStopped(signal)
    return 0
  },
}
