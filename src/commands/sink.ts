import { collectDefaultMetrics, Registry } from 'prom-client'
import { serveHealth } from '../foundation/health.ts'
import { connectionOf } from '../kafka/client.ts'
import { createProbe } from '../kafka/probe.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { startReporter } from '../outputs/status/reporter.ts'
import { startSinks } from '../roles/sinks.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import { SINKS } from '../settings/sinks.ts'
import type { Command } from './command.ts'

/** `playhead sink`: fills one output. Several processes share the partitions. */
export const sinkCommand: Command = {
  summary: `fill an output: ${SINKS.join(', ')}`,
  words: ['', ...SINKS],
  async run(config, _flags, signal, word) {
    const name = SINKS.find((sink) => sink === word)
    if (name === undefined)
      throw new Failure(
        'BAD_COMMAND',
        `No output is named. Run: playhead sink ${SINKS.join(' | playhead sink ')}.`,
      )
    const log = createLogger(config.logLevel)
    await using running = new AsyncDisposableStack()
    const connection = connectionOf(config)
    await ensureTopics(connection, config.topic, { deadLetters: false })
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const [sink] = startSinks([name], { config, connection, registry, log }, false)
    const states = () => sink?.states() ?? []
    running.defer(() => sink?.stop())
    running.adopt(startReporter({ connection, topic: config.topic, states, log }), (reporter) =>
      reporter.stop(),
    )
    const probe = running.adopt(createProbe(connection, config.topic), (opened) => opened.close())
    await serveHealth({ config, store: null, probe, registry, log }, running, { systems: states })
    process.stderr.write(`Forwarding listens to ${name}\n`)
    await untilStopped(signal)
    return 0
  },
}
