import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FetchedRecord } from '../../src/kafka/fetcher.ts'
import { REASON_CODES, type Reason } from '../../src/listen/reason.ts'
import { event, record } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const text = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const soon = Math.floor(Date.now() / 1000) + 3_700

/** A value for every reason. */
const BAD: Record<Reason, Buffer | null> = {
  tombstone: null,
  record_too_large: text(event({ title: 'x'.repeat(1_048_577) })),
  not_utf8: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  not_json: text('{"title": "Glimpse of Us",'),
  not_an_object: text(['Glimpse of Us']),
  missing_field: text({ ...event(), title: undefined }),
  wrong_type: text({ ...event(), duration_seconds: '212' }),
  empty_field: text(event({ artist: '' })),
  too_long: text(event({ mood: 'm'.repeat(101) })),
  nul_character: text(event({ title: 'Glimpse\u0000of Us' })),
  unpaired_surrogate: text(JSON.stringify(event()).replace('Glimpse', 'Gl\\ud800mpse')),
  not_finite: text(JSON.stringify(event()).replace('"duration_seconds":212', '"duration_seconds":1e999')),
  negative_number: text(event({ listen_position: -1 })),
  out_of_range: text(event({ rating: 5.5 })),
  position_past_duration: text(event({ listen_position: 213 })),
  timestamp_too_early: text(event({ timestamp: 1_009_843_199 })),
  timestamp_too_late: text(event({ timestamp: soon })),
}

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

  it('keeps every kind of bad record with its reason and its bytes, and goes on', async () => {
    const { address: bootstrap } = workspace.broker
    const sent = new Map<string, Reason>()
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
