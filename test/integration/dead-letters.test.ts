import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { REASON_CODES, type ValueReason } from '../../src/listen/reason.ts'
import { BAD } from '../support/bad-values.ts'
import { record } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

function header({ headers }: FetchedRecord, name: string): string | undefined {
  return headers.find(([key]) => key?.toString() === name)?.[1]?.toString()
}

describe('dead letters', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  it('keeps every kind of bad record with its reason and its bytes, and continues', async () => {
    const { address: bootstrap } = workspace.broker
    const sent = new Map<string, ValueReason>()
    for (const reason of REASON_CODES) {
      const value = BAD[reason]
      const placed = await sendRecords(bootstrap, [
        { key: Buffer.from(reason), value, headers: new Map([['trace', Buffer.from('42')]]) },
      ])
      for (const { partition, offset } of placed) sent.set(`${partition}/${offset}`, reason)
    }
    await sendRecords(bootstrap, [record({ title: 'After the bad ones' })])
    await until('the good one', async () => (await playhead.totals()).listens === 1)
    const [good] = (await playhead.listens()).listens
    assert.equal(good?.title, 'After the bad ones')

    const dead = await readRecords(bootstrap, 'music-streams.dlq', REASON_CODES.length)
    assert.equal(dead.length, REASON_CODES.length)
    for (const letter of dead) {
      const place = `${header(letter, 'playhead.source.partition')}/${header(letter, 'playhead.source.offset')}`
      const reason = sent.get(place)
      assert.ok(reason !== undefined, `nothing bad was sent to ${place}`)
      assert.equal(header(letter, 'playhead.reason'), reason)
      assert.equal(header(letter, 'playhead.source.topic'), 'music-streams')
      assert.equal(header(letter, 'playhead.source.key'), reason)
      assert.equal(header(letter, 'trace'), '42')
      assert.ok(Math.abs(Number(header(letter, 'playhead.failed_at')) - Date.now()) < 600_000)
      assert.ok((header(letter, 'playhead.message') ?? '').length > 0)
      assert.deepEqual(letter.value, BAD[reason] ?? Buffer.alloc(0))
      assert.equal(header(letter, 'playhead.tombstone'), reason === 'tombstone' ? 'true' : undefined)
      assert.ok(letter.key?.toString().endsWith(`/${place}`))
    }
    assert.deepEqual(new Set(dead.map((letter) => header(letter, 'playhead.reason'))), new Set(REASON_CODES))
  })

  it('counts them by reason', async () => {
    const metrics = await (await fetch(`${playhead.url}/metrics`)).text()
    for (const reason of REASON_CODES)
      assert.match(metrics, new RegExp(`^playhead_dead_letters_total\\{reason="${reason}"\\} 1$`, 'm'))
  })

  it('does not send them again after a restart', async () => {
    assert.equal(await playhead.stop(), 0)
    playhead = await workspace.start()
    await sendRecords(workspace.broker.address, [record()])
    await until('the next good one', async () => (await playhead.totals()).listens === 2)
    const dead = await readRecords(workspace.broker.address, 'music-streams.dlq', REASON_CODES.length)
    assert.equal(dead.length, REASON_CODES.length)
  })
})
