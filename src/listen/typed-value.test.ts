import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { typedValue, typeOf } from './typed-value.ts'

describe('a typed value', () => {
  const CASES: [string, string, unknown][] = [
    ['title', '1999', '1999'],
    ['title', 'null', 'null'],
    ['genre', 'false', 'false'],
    ['location.city', ' Kyoto ', ' Kyoto '],
    ['duration_seconds', '200', 200],
    ['listen_position', ' 12.5 ', 12.5],
    ['timestamp', '1.7e9', 1_700_000_000],
    ['rating', 'null', null],
    ['rating', '0', 0],
    ['completed', 'true', true],
    ['is_skipped', 'false', false],
    ['duration_seconds', '', undefined],
    ['duration_seconds', '3:20', undefined],
    ['duration_seconds', '0x10', undefined],
    ['duration_seconds', '1e400', undefined],
    ['duration_seconds', 'null', undefined],
    ['completed', 'yes', undefined],
    ['percent_listened', '5', undefined],
    ['location', 'x', undefined],
    ['__proto__', 'x', undefined],
  ]
  for (const [field, text, value] of CASES)
    it(`of ${field} is ${JSON.stringify(value)} for ${JSON.stringify(text)}`, () =>
      assert.equal(typedValue(field, text), value))

  it('has a type in words', () => {
    assert.deepEqual(['title', 'timestamp', 'rating', 'completed'].map(typeOf), [
      'text',
      'a number',
      'a number or null',
      'true or false',
    ])
  })
})
