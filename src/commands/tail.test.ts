import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonLine } from './tail.ts'

const lineOf = (value: string | null) =>
  jsonLine({
    partition: 2,
    offset: 7,
    key: Buffer.from('k'),
    value: value === null ? null : Buffer.from(value),
    headers: [],
    timestamp: 5,
  })

describe('tail --json', () => {
  it('shows every number as it was sent', () => {
    for (const number of ['12345678901234567890', '1e400', '-0', '0.10', '1E+2', '123456789.123456789123'])
      assert.equal(
        lineOf(`{"n":${number}}`),
        `{"partition":2,"offset":7,"timestamp":5,"key":"k","value":{"n":${number}}}`,
      )
  })

  it('is one line of JSON, whatever the value is', () => {
    for (const value of [
      '{\n  "a": [1,\r\n 2]\n}\n',
      ' 5 ',
      'null',
      '"a\\nb"',
      '{"a":',
      '',
      'two\nlines',
      '\u001b[31m',
      null,
    ]) {
      const line = lineOf(value)
      assert.doesNotMatch(line, /\p{Cc}/u)
      const parsed = JSON.parse(line) as { value: unknown }
      let expected: unknown = value
      try {
        if (value !== null) expected = JSON.parse(value)
      } catch {}
      if (value !== '\u001b[31m') assert.deepEqual(parsed.value, expected)
    }
  })
})
