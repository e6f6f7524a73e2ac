import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatLength, parseLength } from './length.ts'

describe('lengths', () => {
  it('are written as players do', () => {
    assert.equal(formatLength(0), '0:00')
    assert.equal(formatLength(65), '1:05')
    assert.equal(formatLength(3_725), '1:02:05')
    assert.equal(formatLength(59.6), '1:00')
  })

  it('are read from minutes and seconds, or seconds alone', () => {
    assert.equal(parseLength('3:45'), 225)
    assert.equal(parseLength(' 1:02:05 '), 3_725)
    assert.equal(parseLength('225'), 225)
    assert.equal(parseLength('225,5'), 225.5)
  })

  it('are not guessed', () => {
    for (const text of ['', 'long', '3:5', '3:60', '1:60:00', '-1', '1e3', ':30'])
      assert.equal(parseLength(text), undefined, text)
  })
})
