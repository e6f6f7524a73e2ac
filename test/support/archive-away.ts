import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { SystemsAnswer } from '../../src/api/routes/systems.ts'
import { runPlayhead, storeStretch, withStore } from './archive.ts'
import { createOracle } from './oracle.ts'
import { until } from './until.ts'
import type { Workspace } from './workspace.ts'

const RATE = 200
const DUE = 3_000

export interface Away {
  workspace: Workspace
  /** Name of the data directory in the workspace. */
  name: string
  /** Address of the archive. */
  to: string
  /** Settings that give access to it. */
  access: Record<string, string>
  awayMs: number
  /** The part of `access` that must not appear in an answer. */
  secret?: string
  kill(): Promise<void>
  start(): Promise<void>
}

/**
 * Runs a Playhead whose archive is unavailable while listens arrive, makes the archive available
 * again, and archives everything. Checks that the state reports the outage and that storing
 * continues.
 */
export async function awayUnderLoad(away: Away): Promise<void> {
  const { workspace, name, to, access, awayMs, secret } = away
  const dataDir = join(workspace.directory, name)
  await withStore(dataDir, (store) =>
    storeStretch(store, { partition: 0, from: 0, count: DUE, storedAt: '2026-03-01 12:00:00' }),
  )
  await away.kill()
  const playhead = await workspace.start({ ...access, ARCHIVE: to }, name)
  const state = async () => {
    const answer = (await (await fetch(`${playhead.url}/api/systems`)).json()) as SystemsAnswer
    return answer.systems.find((system) => system.name === 'archive')
  }
  const waiting = await until('it reports it', async () => {
    const now = await state()
    return now?.state === 'waiting' ? now : null
  })
  assert.match(waiting.detail, /does not answer.*check ARCHIVE/)
  if (secret !== undefined) assert.ok(!waiting.detail.includes(secret))
  const oracle = await createOracle(workspace.broker.address, 'music-streams')
  const stop = oracle.drive({ rate: RATE })
  await wait(awayMs)
  await until(
    'listens are stored during the outage',
    async () => (await playhead.totals()).listens > DUE + RATE,
  )
  assert.equal((await playhead.readiness()).ready, true)
  assert.equal((await state())?.state, 'waiting')
  await away.start()
  await until('what is due is archived', async () => ((await state())?.handed ?? 0) >= DUE, 120_000)
  assert.equal((await state())?.state, 'running')
  await stop()
  const all = DUE + oracle.acknowledged
  await until('all of it is stored', async () => (await playhead.totals()).listens === all)
  await oracle.close()
  assert.equal(await playhead.stop(), 0)
  // Includes the current hour.
  const args = ['archive', '--to', to, '--once', '--open-hour']
  const ended = await runPlayhead(args, { ...access, PLAYHEAD_DATA: dataDir })
  assert.equal(ended.code, 0, ended.output)
}
