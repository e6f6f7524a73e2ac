import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ONCE_HEADER } from '../../src/kafka/once.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { followLive } from '../support/live.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the log of an event', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  it('follows it by its place from the answer of the API to the live feed, at the level debug', async () => {
    const playhead = await workspace.start({ LOG_LEVEL: 'debug' })
    const reader = await followLive(playhead.url)
    const answer = await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'followed' },
      body: JSON.stringify(event({ title: 'Followed\n{"level":60}' })),
    })
    const { id } = (await answer.json()) as { id: string }
    const [, partition, offset] = id.split('-').map(Number)
    const told = () =>
      playhead
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line))
        .filter((line) => line.partition === partition && line.offset === offset)
    await until('it is sent to live readers', () => told().length >= 4)
    const steps = told().map(({ msg }) => msg)
    // The pipeline may have read it before the answer of the broker has come back to who sent it.
    assert.deepEqual(steps.slice(0, 2).sort(), ['listen acknowledged', 'record read'])
    assert.deepEqual(steps.slice(2), ['listen stored', 'listen sent to live readers'])
    assert.ok(
      told()
        .slice(0, 3)
        .every(({ once }) => once === 'post/followed'),
    )
    reader.close()

    const [bad] = await sendRecords(workspace.broker.address, [{ key: null, value: Buffer.from('{') }])
    const reasons = () =>
      playhead
        .output()
        .match(new RegExp(`"partition":${bad?.partition},"offset":${bad?.offset},"reason":"not_json"`))
    await until('its reason is told', () => reasons() !== null)

    const headers = new Map([[ONCE_HEADER, Buffer.from('post/followed')]])
    const [again] = await sendRecords(workspace.broker.address, [{ ...record(), headers }])
    const leftOut = `"partition":${again?.partition},"offset":${again?.offset},"once":"post/followed","reason":"repeated"`
    await until('the repeat is told to be left out', () => playhead.output().includes(leftOut))
    await playhead.stop()
  })

  it('is silent unless asked for', async () => {
    const playhead = await workspace.start({}, 'quiet')
    await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event()),
    })
    await until('it is stored', async () => (await playhead.totals()).listens > 0)
    assert.doesNotMatch(playhead.output(), /"msg"/)
    await playhead.stop()
  })
})
