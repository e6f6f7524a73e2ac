import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { bytesOf, type FetchedRecord } from '../kafka/fetched-record.ts'
import { fitted } from './fitted.ts'

const LIMIT = 100_000

function recordOf(parts: Partial<FetchedRecord>): FetchedRecord {
  return { partition: 0, offset: 7, key: null, value: null, headers: [], timestamp: 0, ...parts }
}

describe('a record that is cut to fit', () => {
  it('is unchanged if it fits', () => {
    const record = recordOf({ value: Buffer.alloc(90_000), headers: [[Buffer.from('a'), null]] })
    assert.equal(fitted(record, LIMIT), record)
  })

  for (const [what, parts] of Object.entries({
    'a large value': { value: Buffer.alloc(8_000_000, 'v') },
    'a large header': { value: Buffer.from('v'), headers: [[Buffer.from('trace'), Buffer.alloc(800_000)]] },
    'many headers': { headers: Array(50_000).fill([Buffer.from('a'), null]) },
    'a large name of a header': { headers: [[Buffer.alloc(800_000), Buffer.from('a')]] },
    'a large key': { key: Buffer.alloc(800_000), value: Buffer.alloc(800_000) },
  } satisfies Record<string, Partial<FetchedRecord>>))
    it(`has at most the limit with ${what}, and describes the original`, () => {
      const record = recordOf(parts)
      const cut = fitted(record, LIMIT)
      assert.ok(bytesOf(cut) + 16 * cut.headers.length <= LIMIT)
      const value = record.value ?? Buffer.alloc(0)
      assert.deepEqual(cut.cut, {
        valueBytes: value.length,
        valueSha256: createHash('sha256').update(value).digest('hex'),
        headers: record.headers.length,
      })
      if (record.value !== null) assert.deepEqual(cut.value, value.subarray(0, cut.value?.length))
    })

  it('keeps the size from before the first cut', () => {
    const once = fitted(recordOf({ value: Buffer.alloc(8_000_000) }), LIMIT)
    assert.equal(fitted(once, LIMIT / 10).cut?.valueBytes, 8_000_000)
  })
})
