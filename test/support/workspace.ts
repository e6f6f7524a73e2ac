import './end-on-signal.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalBroker, startLocalBroker } from '../../src/kafka/broker.ts'
import type { ExternalListener } from '../../src/kafka/broker-settings.ts'
import { freePort } from '../../src/runtime/port.ts'
import { type RunningPlayhead, startPlayhead } from './playhead.ts'

/** A folder, a broker in it, and the programs started on them. `close` removes all of it. */
export interface Workspace {
  directory: string
  readonly broker: LocalBroker
  /**
   * Stops the broker. @returns starts it again with the same data and address; other listeners may
   * get a new address
   */
  stopBroker(): Promise<(external?: ExternalListener) => Promise<void>>
  /** Starts a Playhead on this broker; the same `name` finds its data again. */
  start(env?: Record<string, string>, name?: string, under?: readonly string[]): Promise<RunningPlayhead>
  close(): Promise<void>
}

/** Creates a workspace with a broker that answers, if requested on a second listener too. */
export async function openWorkspace(external?: ExternalListener): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), 'playhead-test-'))
  const port = await freePort()
  const startBroker = (external?: ExternalListener) =>
    startLocalBroker({
      dataDir: join(directory, 'broker'),
      port,
      ...(external === undefined ? {} : { external }),
      log: () => {},
    })
  let broker = await startBroker(external)
  const running: RunningPlayhead[] = []
  return {
    directory,
    get broker() {
      return broker
    },
    async stopBroker() {
      await broker.stop()
      return async (other = external) => {
        broker = await startBroker(other)
      }
    },
    async start(env = {}, name = 'playhead', under = []) {
      const playhead = await startPlayhead(
        { PLAYHEAD_DATA: join(directory, name), KAFKA_BROKERS: broker.address, ...env },
        under,
      )
      running.push(playhead)
      return playhead
    },
    async close() {
      for (const playhead of running) await playhead.kill()
      await broker.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
