import { listenerId } from '../listen/identity.ts'
import { createLottery } from './lottery.ts'
import { createNames, type PersonName } from './names.ts'
import { PLACES } from './places.ts'
import { createRandom, type Random } from './random.ts'

/** A simulated person, who is the same for the same seed: who they are, where they live and what they like. */
export interface Listener {
  id: string
  name: string
  email: string
  city: string
  country: string
  /** Where they usually stream. */
  platform: string
  /** Where they stream now and then. */
  otherPlatform: string
  /** Their favourite genres, the first above all. */
  genres: readonly string[]
  /** The moods they are in from time to time. */
  moods: readonly string[]
  /** How readily they leave a track, compared with others; 1 is usual. */
  restlessness: number
}

/** What there is to choose from. */
export interface Choices {
  platforms: readonly string[]
  moods: readonly string[]
  genres: readonly string[]
}

const FAVOURITE_GENRES = 3
const MOODS_EACH = 5

// Reserved for examples (RFC 2606): no simulated person has a mailbox that belongs to a real one.
const DOMAINS = ['example.org', 'example.com', 'example.net']

/**
 * The people of a simulated crowd. The first people of a larger crowd are those of a smaller one with the same seed.
 * @param count how many
 * @param choices platforms (the more popular first), moods and genres of the catalogue
 */
export function createListeners(seed: number, count: number, choices: Choices): Listener[] {
  const random = createRandom(seed, 'listeners')
  const names = createNames(random)
  const homes = createLottery(PLACES, ({ weight }) => weight)
  const platforms = createLottery(choices.platforms, (_, rank) => 1 / (rank + 1))
  const taken = new Map<string, number>()

  return Array.from({ length: count }, () => {
    const { city, country } = homes.draw(random)
    const person = names(country)
    const name = `${person.given} ${person.family}`
    const email = mailbox(person, random.pick(DOMAINS), taken)
    return {
      id: listenerId(name, email),
      name,
      email,
      city,
      country,
      platform: platforms.draw(random),
      otherPlatform: platforms.draw(random),
      genres: several(choices.genres, FAVOURITE_GENRES, random),
      moods: several(choices.moods, MOODS_EACH, random),
      restlessness: 0.7 + 0.6 * random.next(),
    }
  })
}

function mailbox({ given, family }: PersonName, domain: string, taken: Map<string, number>): string {
  const account = [given, family].map(plain).filter(Boolean).join('.')
  const namesakes = (taken.get(account) ?? 0) + 1
  taken.set(account, namesakes)
  return `${account}${namesakes === 1 ? '' : namesakes}@${domain}`
}

// Letters that Unicode does not take apart into a plain one and its accent.
const PLAIN_LETTERS: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ß: 'ss',
  þ: 'th',
  ı: 'i',
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[æœøđðłßþı]/g, (letter) => PLAIN_LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/[^a-z]/g, '')
}

function several<T>(from: readonly T[], count: number, random: Random): T[] {
  const left = [...from]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [chosen] = left.splice(random.below(left.length), 1)
    return chosen as T
  })
}
