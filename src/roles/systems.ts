import type { Foundation } from '../foundation/foundation.ts'
import { startArchiver } from '../outputs/archive/archiver.ts'
import { archiveOf } from '../outputs/archive/configured.ts'
import { startReporter } from '../outputs/status/reporter.ts'
import type { System, SystemState } from '../outputs/status/system.ts'
import { startConnectors } from './connect.ts'
import { startSinks } from './sinks.ts'

/** All systems that this process hands listens on to. */
export interface SystemsRole extends System {
  /** This process among those that tell each other of their systems; null where it has none. */
  process: string | null
  states(): readonly SystemState[]
}

/**
 * Starts what the settings name. A system that is away keeps nobody from starting: it is waited for, and says so.
 */
export async function startSystems(foundation: Foundation): Promise<SystemsRole> {
  const { config, connection, log } = foundation
  await using started = new AsyncDisposableStack()
  const systems: System[] = []
  // All at once, because each may wait for a system that does not answer.
  started.defer(async () => {
    await Promise.all(systems.map((system) => system.stop()))
  })
  systems.push(...startSinks(config.sinks, foundation, config.clickhouseUrl === null))
  systems.push(...(await startConnectors(foundation)))
  const archive = archiveOf(config)
  if (archive !== null)
    systems.push(
      startArchiver({
        store: foundation.store,
        address: archive,
        keepMs: config.keepMs,
        iceberg: config.archiveIceberg,
        log,
      }),
    )
  const states = () => systems.flatMap((system) => system.states())
  const reporter =
    systems.length === 0 ? null : startReporter({ connection, topic: config.topic, states, log })
  started.defer(() => reporter?.stop())
  const running = started.move()
  return { process: reporter?.process ?? null, states, stop: () => running.disposeAsync() }
}
