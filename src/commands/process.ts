import { openFoundation, startOf } from '../foundation/foundation.ts'
import { serveHealth } from '../foundation/health.ts'
import { connectionOf } from '../kafka/client.ts'
import { startPipeline } from '../roles/pipeline.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import type { Command } from './command.ts'

/** `playhead process`: only the pipeline. Several processes share the partitions. */
export const processCommand: Command = {
  summary: 'run only the pipeline, from the topic into ClickHouse',
  async run(config, _flags, signal) {
    requireCluster(config.clickhouseUrl, 'process')
    const log = createLogger(config.logLevel)
    await using running = new AsyncDisposableStack()
    const foundation = running.adopt(
      await openFoundation(config, connectionOf(config), log, startOf(log, signal)),
      (opened) => opened.close(),
    )
    const pipeline = startPipeline(foundation, { alone: false, onStored: () => {} })
    running.defer(() => pipeline.stop())
    process.stderr.write(`The pipeline runs in consumer group ${foundation.groupId}\n`)
    await serveHealth(foundation, running, { pipeline })
    await Promise.race([untilStopped(signal), pipeline.done])
    return 0
  },
}

/** Separate roles need a store that several processes can use. */
export function requireCluster(clickhouseUrl: string | null, role: string): void {
  if (clickhouseUrl !== null) return
  throw new Failure(
    'STORE_NOT_SHARED',
    `\`playhead ${role}\` needs a ClickHouse server. Set CLICKHOUSE_URL, such as http://localhost:8123. To run everything in one process, use \`playhead up\`.`,
  )
}
