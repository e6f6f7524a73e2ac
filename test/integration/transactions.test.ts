import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Producer } from '@platformatic/kafka'
import type { PipelineState } from '../../src/api/pipeline-watch.ts'
import { event } from '../support/event.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'music-streams'

describe('transactions of other producers', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let producer: Producer
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    producer = new Producer({
      clientId: 'transactional',
      bootstrapBrokers: [workspace.broker.address],
      transactionalId: 'test',
      idempotent: true,
    })
  })
  after(async () => {
    await producer?.close()
    await workspace?.close()
  })

  /** Sends to one partition in several batches, so that it takes more than one answer of the broker to read them. */
  async function transact(titles: readonly string[], end: 'commit' | 'abort'): Promise<void> {
    const transaction = await producer.beginTransaction()
    for (let from = 0; from < titles.length; from += 1_000)
      await transaction.send({
        messages: titles.slice(from, from + 1_000).map((title) => ({
          topic: TOPIC,
          partition: 0,
          value: Buffer.from(JSON.stringify(event({ title }))),
        })),
      })
    await transaction[end]()
  }

  it('are stored when they are committed and not when they are given up, however long they are', async () => {
    const many = Array.from({ length: 6_000 }, () => 'Never played')
    await transact(['First'], 'commit')
    await transact(many, 'abort')
    await transact(['Second'], 'commit')
    await transact(['Never played'], 'abort')
    await transact(['Third'], 'commit')

    await until('the last of them', async () => (await titles()).includes('Third'))
    assert.deepEqual(await titles(), ['First', 'Second', 'Third'])
    const isDone = async () => (await playhead.readiness()).lag.offsets === 0
    await until('no lag, though the topic ends with what ends a transaction', isDone)
  })

  it('leave no lag on the Pipeline page when the topic ends with one that was aborted', async () => {
    await transact(['Never played', 'Never played'], 'abort')
    const ask = async () => (await (await fetch(`${playhead.url}/api/pipeline`)).json()) as PipelineState
    await until('all committed', async () => {
      const [partition] = (await ask()).partitions
      return partition?.lag === 0 && partition.committed === partition.end
    })
    assert.equal((await playhead.readiness()).lag.offsets, 0)
  })

  async function titles(): Promise<string[]> {
    return (await playhead.listens()).listens.map(({ title }) => title).sort()
  }
})
