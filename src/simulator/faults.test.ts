import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordsOf } from '../../test/support/crowd.ts'
import { decodeListen } from '../listen/decode.ts'
import type { Listen } from '../listen/listen.ts'
import { REASON_CODES } from '../listen/reason.ts'
import { createFaults, type FaultShares, NO_FAULTS, type SimulatedRecord } from './faults.ts'

const NOW = Date.UTC(2026, 1, 1)
const sound = await recordsOf({ days: 1 })
const spoilt = (shares: Partial<FaultShares>, asked: { seed?: number } = {}) =>
  recordsOf({ days: 1, faults: { ...NO_FAULTS, ...shares }, ...asked })
const text = ({ value }: SimulatedRecord) => value?.toString() ?? ''
const listen = (record: SimulatedRecord) => JSON.parse(text(record)) as Listen
const near = (share: number, expected: number, what: string) =>
  assert.ok(Math.abs(share - expected) < 0.004, `${what}: ${share}, expected ${expected}`)

describe('a crowd without faults', () => {
  it('sends only what can be stored, in order, once, under the listener’s key', () => {
    let before = 0
    for (const record of sound) {
      const decoded = decodeListen(record.value, NOW)
      assert.ok(decoded.ok)
      assert.equal(record.key.toString(), decoded.listen.user_id)
      assert.ok(decoded.listen.timestamp >= before)
      before = decoded.listen.timestamp
    }
    assert.equal(new Set(sound.map(text)).size, sound.length)
  })
})

describe('faults by share', () => {
  it('are late by ten minutes to two days, and the same plays otherwise', async () => {
    const records = await spoilt({ late: 0.05 })
    assert.equal(records.length, sound.length)
    let late = 0
    for (const [index, record] of records.entries()) {
      const [sent, usual] = [listen(record), listen(sound[index] as SimulatedRecord)]
      const by = usual.timestamp - sent.timestamp
      assert.deepEqual({ ...sent, timestamp: 0 }, { ...usual, timestamp: 0 })
      if (by === 0) continue
      assert.ok(by >= 600 && by <= 172_800, `${by} s late`)
      late++
    }
    near(late / records.length, 0.05, 'late')
  })

  it('are duplicates, one after the other with the same key and value', async () => {
    const records = await spoilt({ duplicate: 0.1 })
    near(records.length / sound.length - 1, 0.1, 'more records')
    const once = records.filter(
      (record, index) => text(record) !== text(records[index - 1] ?? record) || index === 0,
    )
    assert.deepEqual(once.map(text), sound.map(text))
  })

  it('are malformed in every way that the pipeline knows, each equally often', async () => {
    const records = await spoilt({ malformed: 0.02 })
    assert.equal(records.length, sound.length)
    const found = new Map<string, number>()
    for (const { value } of records) {
      const decoded = decodeListen(value, NOW)
      if (!decoded.ok) found.set(decoded.reason, (found.get(decoded.reason) ?? 0) + 1)
    }
    const broken = [...found.values()].reduce((sum, count) => sum + count, 0)
    near(broken / records.length, 0.02, 'malformed')
    assert.deepEqual([...found.keys()].sort(), [...REASON_CODES].sort())
    for (const [reason, count] of found)
      assert.ok(count > (0.5 * broken) / REASON_CODES.length, `${reason}: ${count} of ${broken}`)
  })

  it('are out of order by up to half a minute, and none is lost', async () => {
    const records = await spoilt({ outOfOrder: 0.1 })
    assert.deepEqual(records.map(text).sort(), sound.map(text).sort())
    let newest = 0
    let behind = 0
    for (const record of records) {
      const { timestamp } = listen(record)
      assert.ok(newest - timestamp <= 31, `${newest - timestamp} s behind`)
      // At one play about every two seconds, a delay of two seconds changes the order, but not
      // always in whole seconds.
      if (timestamp < newest) behind++
      newest = Math.max(newest, timestamp)
    }
    assert.ok(Math.abs(behind / records.length - 0.1) < 0.01, `${behind / records.length} behind`)
  })

  it('do not change each other, and are the same for the same seed', async () => {
    const both = await spoilt({ late: 0.05, duplicate: 0.1, malformed: 0.01 })
    assert.deepEqual(
      (await spoilt({ late: 0.05, duplicate: 0.1, malformed: 0.01 })).map(text),
      both.map(text),
    )
    const lateAlone = new Set((await spoilt({ late: 0.05 })).map(text))
    const valid = both.filter(({ value }) => decodeListen(value, NOW).ok)
    for (const record of valid) assert.ok(lateAlone.has(text(record)))
  })
})

describe('simulators that share a crowd', () => {
  const faults = { late: 0.05, duplicate: 0.1, malformed: 0.01, outOfOrder: 0.05 }

  it('play together what one would play alone, and never the same listener', async () => {
    const whole = await spoilt(faults)
    const slices = await Promise.all(
      [1, 2, 3].map((part) => recordsOf({ days: 1, faults, slice: { part, of: 3 } })),
    )
    assert.deepEqual(slices.flat().map(text).sort(), whole.map(text).sort())
    const users = slices.map((records) => new Set(records.map(({ key }) => key.toString())))
    const together = new Set(users.flatMap((its) => [...its]))
    assert.equal(
      users.reduce((sum, { size }) => sum + size, 0),
      together.size,
    )
    for (const records of slices) assert.ok(records.length > whole.length / 5)
  })
})

describe('headers', () => {
  it('are the same for a record that is sent twice, and none where it is malformed', () => {
    let made = 0
    const sent = (shares: Partial<FaultShares>) => {
      const batch: SimulatedRecord[] = []
      const headersOf = () => new Map([['ce_id', Buffer.from(String(++made))]])
      const faults = createFaults(1, { ...NO_FAULTS, ...shares }, { headersOf })
      for (const record of sound.slice(0, 20)) faults.pass(listen(record), NOW, true, batch)
      return batch.map(({ headers }) => headers?.get('ce_id')?.toString())
    }
    const twice = sent({ duplicate: 1 })
    assert.equal(twice.length, 40)
    for (let index = 0; index < 40; index += 2) assert.equal(twice[index], twice[index + 1])
    assert.equal(new Set(twice).size, 20)
    assert.deepEqual(new Set(sent({ malformed: 1 })), new Set([undefined]))
  })
})
