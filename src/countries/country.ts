import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import countries from 'i18n-iso-countries'
import { fold } from '../listen/fold.ts'

/** Locales of Faker that the library of countries lacks; CLDR, which comes with Node, has them. */
const MORE_LANGUAGES = ['bn', 'eo', 'ka', 'nb', 'pt-PT', 'sr-Latn', 'uz-Latn', 'yue', 'zh-Hant']

/** Kosovo has a code by common use, not by ISO. */
const COMMON_CODES = { XK: 'XKX' }

/** `Kingdom of Norway`, `People's Republic of China`: what comes after is the name. */
const FORMAL =
  /^.*?\b(?:republic|kingdom|states?|commonwealth|federation|union|principality|duchy|sultanate|nation) of (?:the )?/i

/** `Korea, Republic of`. */
const INVERTED = /^(.+), (?:the )?(.+) of(?: the)?$/i

interface Names {
  /** By the name with its accents, and by the name without, where that is still one country's. */
  exact: Map<string, string>
  folded: Map<string, string>
}

let names: Names | undefined

const exactKey = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '')
    .replace(/^the(?=.{4})/, '')
const foldedKey = (name: string) => exactKey(fold(name))

function learn({ exact, folded }: Names, name: string, code: string): void {
  const key = exactKey(name)
  // The first one keeps a name that two countries have in different languages.
  if (exact.has(key)) return
  exact.set(key, code)
  const plain = foldedKey(name)
  if (!folded.has(plain)) folded.set(plain, code)
}

function readNames(): Names {
  const found: Names = { exact: new Map(), folded: new Map() }
  const require = createRequire(import.meta.url)
  const codes: Record<string, string> = { ...countries.getAlpha2Codes(), ...COMMON_CODES }
  for (const [two, three] of Object.entries(codes)) for (const code of [two, three]) learn(found, code, two)
  const also = JSON.parse(
    readFileSync(new URL('../../data/country-names.json', import.meta.url), 'utf8'),
  ) as Record<string, readonly string[]>
  for (const [code, each] of Object.entries(also)) for (const name of each) learn(found, name, code)
  const languages = countries.getSupportedLanguages()
  for (const language of ['en', ...languages.filter((each) => each !== 'en')]) {
    countries.registerLocale(require(`i18n-iso-countries/langs/${language}.json`))
    for (const [code, each] of Object.entries(countries.getNames(language, { select: 'all' })))
      for (const name of each) learn(found, name, code)
  }
  for (const language of [...languages, ...MORE_LANGUAGES]) {
    const cldr = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const code of Object.keys(codes)) {
      const name = cldr.of(code)
      if (name !== undefined) learn(found, name, code)
    }
  }
  return found
}

function codeOf(text: string): string | undefined {
  names ??= readNames()
  const { exact, folded } = names
  const known = (name: string) => exact.get(exactKey(name)) ?? folded.get(foldedKey(name))
  const short = text.replace(/\s*\(.*\)/, '')
  const straight = text.replace(INVERTED, '$2 of $1')
  return [text, straight, short, text.replace(FORMAL, ''), short.replace(FORMAL, '')]
    .map(known)
    .find((code) => code !== undefined)
}

const KEPT = 20_000
const kept = new Map<string, { code: string | null; key: string }>()

function lookUp(text: string): { code: string | null; key: string } {
  let found = kept.get(text)
  if (found === undefined) {
    const code = codeOf(text) ?? null
    found = { code, key: code ?? `${foldedKey(text)}?` }
    if (kept.size >= KEPT) kept.clear()
    kept.set(text, found)
  }
  return found
}

/** The ISO 3166 code (alpha-2) of a country by any of its names or codes; null for what is no country. */
export const countryCode = (text: string): string | null => lookUp(text).code

/** A text that is equal for all names of one country, and for spellings of a name that is no country's. */
export const countryKey = (text: string): string => lookUp(text).key
