import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { csvCell } from './csv-cell.ts'

describe('a cell of CSV', () => {
  it('keeps numbers numbers, whether they come as such or as text', () => {
    for (const [value, cell] of [
      [-7.5, '-7.5'],
      [0, '0'],
      [1e21, '1e+21'],
      ['-7.5', '-7.5'],
      ['+3', '+3'],
      ['007', '007'],
    ] as const)
      assert.equal(csvCell(value), cell)
  })

  it('makes text of what a spreadsheet would run', () => {
    for (const text of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '＝1+1', '-', '+49 30', '-1-1'])
      assert.equal(csvCell(text), `'${text}`)
    assert.equal(csvCell('\t=1+1'), "'\t=1+1")
    assert.equal(csvCell('\r=1+1'), `"'\r=1+1"`)
    assert.equal(csvCell('\n=1+1'), `"'\n=1+1"`)
  })

  it('quotes what would end it, and nothing else', () => {
    assert.equal(csvCell('a "b", c'), '"a ""b"", c"')
    assert.equal(csvCell('a\nb'), '"a\nb"')
    assert.equal(csvCell('a;b'), 'a;b')
    assert.equal(csvCell("it's 🎧 a=b"), "it's 🎧 a=b")
    assert.equal(csvCell(''), '')
    assert.equal(csvCell(null), '')
    assert.equal(csvCell(true), 'true')
  })
})
