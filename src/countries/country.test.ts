import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allLocales } from '@faker-js/faker'
import { countryCode, countryKey } from './country.ts'

describe('a country', () => {
  it('is one by its codes, its common and official names, and its names in other languages', () => {
    const same: Record<string, readonly string[]> = {
      US: [
        'US',
        'usa',
        'United States',
        'United States of America',
        'the United States',
        'U.S.A.',
        'Vereinigte Staaten',
        'アメリカ合衆国',
      ],
      NO: ['NO', 'NOR', 'Norway', 'Kingdom of Norway', 'Norge', 'Noreg', 'Norwegen', 'NORVÈGE', ' norway '],
      GB: ['GBR', 'UK', 'Great Britain', 'United Kingdom of Great Britain and Northern Ireland', 'England'],
      KR: ['KOR', 'South Korea', 'Republic of Korea', 'Korea, Republic of', 'Korea', '대한민국'],
      KP: ['PRK', 'North Korea', "Democratic People's Republic of Korea", 'Korea (North)'],
      CD: ['COD', 'DR Congo', 'Democratic Republic of the Congo', 'Congo, the Democratic Republic of the'],
      CG: ['COG', 'Congo', 'Republic of the Congo'],
      CI: ['CIV', "Cote d'Ivoire", 'Côte d’Ivoire', 'Ivory Coast', "Co\u0302te d'Ivoire"],
      CZ: ['CZE', 'Czechia', 'Czech Republic', 'Česko'],
      TW: ['TWN', 'Taiwan', 'Republic of China'],
      CN: ['CHN', 'China', "People's Republic of China"],
      BA: ['Bosnia & Herzegovina', 'Bosnia and Herzegovina'],
      DE: ['ＤＥＵ', 'Federal Republic of Germany', 'Deutschland', 'Allemagne', 'Германия', 'ΓΕΡΜΑΝΊΑ'],
      BE: ['Bỉ', 'Belgique'],
      XK: ['Kosovo'],
      AQ: ['Antarctica (the territory South of 60 deg S)'],
    }
    for (const [code, names] of Object.entries(same))
      for (const name of names) {
        assert.equal(countryCode(name), code, name)
        assert.equal(countryKey(name), code, name)
      }
  })

  it('is known by nearly every name of Faker in English, French, Spanish, German, and other languages', () => {
    for (const [locale, { location }] of Object.entries(allLocales)) {
      const names: readonly string[] = location?.country ?? []
      const unknown = names.filter((name) => countryCode(name) === null)
      // Some lists have oceans, unions, or a spelling of their own.
      const most = { ka_GE: 0.35, ur: 0.45, hy: 0.2, bn_BD: 0.1 }[locale] ?? 0.06
      assert.ok(unknown.length <= names.length * most, `${locale}: ${unknown.join(', ')}`)
    }
    for (const code of allLocales.base.location?.country_code ?? [])
      assert.equal(countryCode(code.alpha3), code.alpha2)
  })

  it('is not what is none, whose spellings are one all the same', () => {
    for (const text of [
      'Narnia',
      '',
      '??',
      'Atlantic Ocean',
      'Netherlands Antilles',
      'Republic of Nowhere',
      '(x)',
      '__proto__',
    ])
      assert.equal(countryCode(text), null, text)
    assert.equal(countryKey('Narnia'), countryKey(' NÁRNIA'))
    assert.notEqual(countryKey('Narnia'), countryKey('Gondor'))
  })
})
