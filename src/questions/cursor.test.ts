import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { ListenRow } from './row.ts'

const TOPIC = '01234567-89ab-4def-8123-456789abcdef'
const ROW = [TOPIC, 3, 17, 0, 1_700_000_000_123] as unknown as ListenRow

const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

describe('a cursor', () => {
  for (const [type, key] of [
    ['String', 'élan'],
    ['Int64', 1_700_000_000_123],
    ['Float64', 12.5],
    ['Float32', -1],
    ['UInt8', 1],
  ] as const)
    it(`keeps a key of type ${type}`, () => {
      const text = encodeCursor('sort', 'asc', [key, ...ROW])
      assert.deepEqual(decodeCursor(text, 'sort', 'asc', type), {
        ...{ key, topicId: TOPIC, partition: 3, offset: 17 },
        listenedAt: 1_700_000_000_123,
      })
    })

  it('that is forged is refused', () => {
    const at = 1_700_000_000_000
    const bad: [string, string][] = [
      ['String', forged('sort', 'asc', 5, at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 'x', at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 1.5, at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 1e300, at, TOPIC, 3, 17)],
      ['Float64', forged('sort', 'asc', '1', at, TOPIC, 3, 17)],
      ['Float64', forged('sort', 'asc', null, at, TOPIC, 3, 17)],
      ['UInt8', forged('sort', 'asc', 256, at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 1, -at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 1, 9e15, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'asc', 1, at, 'topic', 3, 17)],
      ['Int64', forged('sort', 'asc', 1, at, [TOPIC], 3, 17)],
      ['Int64', forged('sort', 'asc', 1, at, TOPIC, -1, 17)],
      ['Int64', forged('sort', 'asc', 1, at, TOPIC, 2 ** 32, 17)],
      ['Int64', forged('sort', 'asc', 1, at, TOPIC, 3, -1)],
      ['Int64', forged('sort', 'asc', 1, at, TOPIC, 3)],
      ['Int64', forged('other', 'asc', 1, at, TOPIC, 3, 17)],
      ['Int64', forged('sort', 'desc', 1, at, TOPIC, 3, 17)],
      ['Int64', Buffer.from('{"length":7}').toString('base64url')],
      ['Int64', 'nonsense'],
      ['Int64', ''],
    ]
    for (const [type, text] of bad)
      assert.throws(() => decodeCursor(text, 'sort', 'asc', type), { code: 'BAD_CURSOR' }, text)
  })
})
