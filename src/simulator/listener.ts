import { listenerId } from '../listen/name-based-id.ts'
import { AGE_GROUPS, type AgeGroup } from './age-group.ts'
import { DEVICES, type Device } from './device.ts'
import { createLottery } from './lottery.ts'
import { energyOfMood } from './mood.ts'
import { createNames, type PersonName } from './names.ts'
import { PLACES } from './places.ts'
import { createRandom, type Random } from './random.ts'
import type { Habits } from './rhythm.ts'
import type { Taste } from './taste.ts'

/** A simulated listener, the same for the same seed. */
export interface Listener extends Habits, Taste {
  id: string
  name: string
  email: string
  city: string
  country: string
  ageGroup: AgeGroup
  /** Usual platform. */
  platform: string
  /** Occasional platform. */
  otherPlatform: string
  /** Usual device. */
  device: Device
  /** Possible moods, the calmest first. */
  moods: readonly string[]
  /** Tendency to leave a track, relative to others of the same age; 1 is average. */
  restlessness: number
  /** Amount of listening, from 0 to 1. */
  appetite: number
  /** Determines membership; see {@link isMember}. */
  membership: { phase: number; days: number }
}

/** Values to choose from. */
export interface Choices {
  platforms: readonly string[]
  moods: readonly string[]
  genres: readonly string[]
  /** More popular ones first; empty if only genres matter. */
  artists?: readonly string[]
}

const FAVOURITE_GENRES = 3
const FAVOURITE_ARTISTS = 4
const MOODS_EACH = 5
const DAY = 86_400_000

/** Days in which each listener joins once and leaves once. */
const MEMBERSHIP_CYCLE = 500
const SHORTEST_MEMBERSHIP = 300

// Reserved for examples (RFC 2606), so no address belongs to a real person.
const DOMAINS = ['example.org', 'example.com', 'example.net']

/**
 * Creates the listeners of a crowd. A larger crowd begins with the listeners of a smaller one with the
 * same seed.
 * @param count number of listeners
 * @param choices platforms (more popular ones first), moods, genres and artists of the catalogue
 */
export function createListeners(seed: number, count: number, choices: Choices): Listener[] {
  const random = createRandom(seed, 'listeners')
  // A separate generator, so that a new habit does not change the other attributes.
  const habits = createRandom(seed, 'habits')
  const names = createNames(random)
  const homes = createLottery(PLACES, ({ weight }) => weight)
  const platforms = createLottery(choices.platforms, (_, rank) => 1 / (rank + 1))
  const artists = choices.artists?.length ? createLottery(choices.artists, (_, rank) => 1 / (rank + 3)) : null
  const ageGroups = createLottery(AGE_GROUPS, ({ share }) => share)
  const devices = createLottery(DEVICES, ({ share }) => share)
  const taken = new Map<string, number>()

  return Array.from({ length: count }, () => {
    const { city, country, zone } = homes.draw(random)
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
      moods: several(choices.moods, MOODS_EACH, random).sort((a, b) => energyOfMood(a) - energyOfMood(b)),
      restlessness: 0.8 + 0.4 * random.next(),
      zone,
      ageGroup: ageGroups.draw(habits),
      device: devices.draw(habits),
      shift: habits.below(4) - 1,
      artists: artists === null ? [] : Array.from({ length: FAVOURITE_ARTISTS }, () => artists.draw(habits)),
      discovery: habits.next(),
      // A few listen a lot, most occasionally.
      appetite: 0.15 + 0.85 * habits.next() * habits.next(),
      membership: {
        phase: habits.below(MEMBERSHIP_CYCLE),
        days: SHORTEST_MEMBERSHIP + habits.below(MEMBERSHIP_CYCLE - SHORTEST_MEMBERSHIP),
      },
    }
  })
}

/** Whether a listener is a member on this day. */
export function isMember({ membership }: Pick<Listener, 'membership'>, at: number): boolean {
  return (Math.floor(at / DAY) + membership.phase) % MEMBERSHIP_CYCLE < membership.days
}

function mailbox({ given, family }: PersonName, domain: string, taken: Map<string, number>): string {
  const account = [given, family].map(plain).filter(Boolean).join('.')
  const namesakes = (taken.get(account) ?? 0) + 1
  taken.set(account, namesakes)
  return `${account}${namesakes === 1 ? '' : namesakes}@${domain}`
}

// Letters that Unicode does not decompose into a plain letter and an accent.
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
