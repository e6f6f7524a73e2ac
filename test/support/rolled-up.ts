import assert from 'node:assert/strict'
import type { ListenEvent } from '../../src/listen/listen.ts'
import { record } from './event.ts'
import { openFleet } from './fleet.ts'
import { sendRecords } from './kafka.ts'
import type { RunningPlayhead } from './playhead.ts'
import { until } from './until.ts'
import type { Workspace } from './workspace.ts'

export interface RolledUp {
  playhead: RunningPlayhead
  close(): Promise<void>
}

/**
 * Starts a Playhead that has stored these events, two thirds of them in parts that are merged, and so hold rollups, and the
 * others in parts that do not.
 */
export async function startRolledUp(
  workspace: Workspace,
  topic: string,
  events: readonly ListenEvent[],
): Promise<RolledUp> {
  const fleet = await openFleet(workspace.directory, workspace.broker.address, topic)
  const playhead = await workspace.start({ KAFKA_TOPIC: topic, CLICKHOUSE_URL: fleet.url })
  const merged = Math.ceil((2 * events.length) / 3)
  const send = async (from: number, to: number) => {
    await sendRecords(workspace.broker.address, events.slice(from, to).map(record), topic)
    await until('they are stored', async () => (await fleet.countStored()) === to)
  }
  await send(0, merged)
  await fleet.store.run('OPTIMIZE TABLE listens FINAL')
  await send(merged, events.length)
  const [rolledUp] = await fleet.store.rows<[number]>(
    `SELECT sum(rows) FROM system.projection_parts
     WHERE database = currentDatabase() AND table = 'listens' AND name = 'by_quarter' AND active`,
  )
  assert.ok((rolledUp?.[0] ?? 0) > 0, 'what was merged is rolled up')
  return {
    playhead,
    async close() {
      await playhead.stop()
      await fleet.close()
    },
  }
}
