import { faker as cs } from '@faker-js/faker/locale/cs_CZ'
import { faker as da } from '@faker-js/faker/locale/da'
import { faker as de } from '@faker-js/faker/locale/de'
import { faker as en } from '@faker-js/faker/locale/en'
import { faker as enAu } from '@faker-js/faker/locale/en_AU'
import { faker as enGh } from '@faker-js/faker/locale/en_GH'
import { faker as enHk } from '@faker-js/faker/locale/en_HK'
import { faker as enIn } from '@faker-js/faker/locale/en_IN'
import { faker as enNg } from '@faker-js/faker/locale/en_NG'
import { faker as enZa } from '@faker-js/faker/locale/en_ZA'
import { faker as es } from '@faker-js/faker/locale/es'
import { faker as esMx } from '@faker-js/faker/locale/es_MX'
import { faker as fi } from '@faker-js/faker/locale/fi'
import { faker as fr } from '@faker-js/faker/locale/fr'
import { faker as hu } from '@faker-js/faker/locale/hu'
import { faker as id } from '@faker-js/faker/locale/id_ID'
import { faker as it } from '@faker-js/faker/locale/it'
import { faker as nb } from '@faker-js/faker/locale/nb_NO'
import { faker as nl } from '@faker-js/faker/locale/nl'
import { faker as pl } from '@faker-js/faker/locale/pl'
import { faker as ptBr } from '@faker-js/faker/locale/pt_BR'
import { faker as pt } from '@faker-js/faker/locale/pt_PT'
import { faker as sv } from '@faker-js/faker/locale/sv'
import { faker as tr } from '@faker-js/faker/locale/tr'
import { faker as vi } from '@faker-js/faker/locale/vi'
import type { Random } from './random.ts'

export interface PersonName {
  given: string
  family: string
}

/** Creates a name that is common in a country. */
export type Names = (country: string) => PersonName

const words = (text: string) => text.split(' ')

// Faker has these only in scripts that many fonts lack.
const ROMANISED: Record<'arabic' | 'japanese' | 'korean', { given: string[]; family: string[] }> = {
  arabic: {
    given: words(
      'Ahmed Amina Fatima Hassan Ibrahim Karim Layla Mariam Nadia Omar Salma Samir Yasmin Youssef Zainab',
    ),
    family: words(
      'Abdallah Amrani Bennani Darwish Fahmy Haddad Hamdan Idrissi Khalil Mansour Nasser Rahman Saleh',
    ),
  },
  japanese: {
    given: words(
      'Aoi Ayumi Daiki Emi Haruka Haruto Hina Kaito Kenji Mei Naoki Ren Riku Sakura Shota Yui Yuki Yuto',
    ),
    family: words(
      'Fujita Hayashi Inoue Ito Kato Kobayashi Matsumoto Mori Nakamura Okada Sato Suzuki Tanaka Yamamoto',
    ),
  },
  korean: {
    given: words(
      'Dohyun Eunji Haeun Hyunwoo Jihoon Jimin Jiwoo Minho Minseo Seojun Seoyeon Soobin Sujin Yerin Yuna',
    ),
    family: words('Ahn Bae Cho Choi Han Hwang Jang Jung Kang Kim Kwon Lee Lim Park Seo Shin Song Yoon'),
  },
}

type Source = typeof en | keyof typeof ROMANISED

const SOURCES: Record<string, Source> = {
  Argentina: es,
  Australia: enAu,
  Austria: de,
  Belgium: nl,
  Brazil: ptBr,
  Canada: en,
  Chile: es,
  Colombia: esMx,
  Czechia: cs,
  Denmark: da,
  Egypt: 'arabic',
  Finland: fi,
  France: fr,
  Germany: de,
  Ghana: enGh,
  'Hong Kong': enHk,
  Hungary: hu,
  India: enIn,
  Indonesia: id,
  Ireland: en,
  Italy: it,
  Japan: 'japanese',
  Mexico: esMx,
  Morocco: 'arabic',
  Netherlands: nl,
  'New Zealand': enAu,
  Nigeria: enNg,
  Norway: nb,
  Peru: esMx,
  Philippines: es,
  Poland: pl,
  Portugal: pt,
  Singapore: enHk,
  'South Africa': enZa,
  'South Korea': 'korean',
  Spain: es,
  Sweden: sv,
  Switzerland: de,
  Taiwan: enHk,
  Türkiye: tr,
  'United Arab Emirates': 'arabic',
  'United Kingdom': en,
  'United States': en,
  Vietnam: vi,
}

/** The countries that {@link createNames} has names for. */
export const COUNTRIES_WITH_NAMES: readonly string[] = Object.keys(SOURCES)

/**
 * Creates names from one random generator. Faker has one state per locale for the whole process, so
 * create all names before anything else uses Faker.
 */
export function createNames(random: Random): Names {
  for (const source of new Set(Object.values(SOURCES)))
    if (typeof source !== 'string') source.seed(random.below(2 ** 31))

  return (country) => {
    const source = SOURCES[country]
    if (source === undefined) throw new RangeError(`There are no names for ${country}.`)
    if (typeof source === 'string') {
      const { given, family } = ROMANISED[source]
      return { given: random.pick(given), family: random.pick(family) }
    }
    // Some languages inflect family names.
    const sex = random.chance(0.5) ? 'female' : 'male'
    return { given: source.person.firstName(sex), family: source.person.lastName(sex) }
  }
}
