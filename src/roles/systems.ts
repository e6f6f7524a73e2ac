import { startArchiver } from '../archive/archiver.ts'
import type { System, SystemState } from '../systems/system.ts'
import { archiveOf } from './archive.ts'
import type { Foundation } from './foundation.ts'

/** All systems that this process hands listens on to. */
export interface SystemsRole extends System {
  states(): readonly SystemState[]
}

/**
 * Starts what the settings name. A system that is away keeps nobody from starting: it is waited for, and says so.
 */
export async function startSystems({ config, store, log }: Foundation): Promise<SystemsRole> {
  const systems: System[] = []
  const archive = archiveOf(config)
  if (archive !== null) systems.push(startArchiver({ store, address: archive, keepMs: config.keepMs, log }))
  return {
    states: () => systems.flatMap((system) => system.states()),
    async stop() {
      await Promise.all(systems.map((system) => system.stop()))
    },
  }
}
