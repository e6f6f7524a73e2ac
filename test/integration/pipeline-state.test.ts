import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PipelineState } from '../../src/api/pipeline-watch.ts'
import { record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the state of the pipeline', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead

  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  const ask = async () => (await (await fetch(`${playhead.url}/api/pipeline`)).json()) as PipelineState

  it('says what the topic holds, how far it is handled and stored, and by whom', async () => {
    const sent = Array.from({ length: 40 }, (_, n) => record({ user_id: `user-${n}` }))
    await sendRecords(workspace.broker.address, [
      ...sent,
      { key: Buffer.from('k'), value: Buffer.from('no') },
    ])
    const state = await until('all handled', async () => {
      const now = await ask()
      const ends = now.partitions.reduce((sum, { end }) => sum + end, 0)
      return ends === sent.length + 1 && now.partitions.every(({ lag }) => lag === 0) ? now : null
    })
    assert.equal(state.partitions.length, 6)
    for (const partition of state.partitions) {
      assert.equal(partition.committed ?? 0, partition.end)
      assert.equal(partition.member, state.group.members[0]?.id)
    }
    assert.equal(state.group.members.length, 1)
    assert.deepEqual(state.group.members[0]?.partitions, [0, 1, 2, 3, 4, 5])
    assert.equal(state.process.stored, sent.length)
    assert.equal(state.process.dead_lettered, 1)
    const history = await until('two samples', async () => {
      const found = (await ask()).history
      return found.length > 1 ? found : null
    })
    assert.equal(history.at(-1)?.lag, 0)
  })
})
