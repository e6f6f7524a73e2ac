import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fold } from './fold.ts'

describe('folding', () => {
  it('makes one text of all that differ only in form, case, accents or width', () => {
    for (const [one, ...others] of [
      ['björk', 'Bjo\u0308rk', 'BJÖRK', 'Bjork', 'ＢＪÖＲＫ'],
      ['istanbul', 'İstanbul', 'ISTANBUL', 'ıstanbul'],
      ['σίσυφος', 'ΣΊΣΥΦΟΣ', 'Σισυφος', 'σισυφοσ'],
      ['Straße', 'STRASSE', 'STRAẞE'],
      ['Łódź', 'lodz', 'LÓDŹ'],
      ['Ёлка', 'елка', 'ЁЛКА'],
      ['ﬁsh', 'FISH'],
      ['ガ', 'ｶﾞ', 'カ\u3099'],
      ['Sigur Rós', 'sigur  ros', 'Sigur\u00a0Rós'],
      ['Beyoncé', 'beyonce', 'BEYONCE\u0301'],
    ] as const)
      for (const other of others) assert.equal(fold(other), fold(one), `${other} ${one}`)
  })

  it('keeps apart what are different words', () => {
    for (const [one, other] of [
      ['が', 'か'],
      ['किताब', 'कताब'],
      ['rock', 'rocks'],
      ['a b', 'ab'],
    ] as const)
      assert.notEqual(fold(one), fold(other))
  })
})
