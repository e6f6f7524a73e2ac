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

/** A simulated person, who is the same for the same seed: who they are, where they live, what they like, when they listen. */
export interface Listener extends Habits, Taste {
  id: string
  name: string
  email: string
  city: string
  country: string
  ageGroup: AgeGroup
  /** Where they usually stream. */
  platform: string
  /** Where they stream now and then. */
  otherPlatform: string
  /** What they usually listen on. */
  device: Device
  /** The moods they are in from time to time, the calmest first. */
  moods: readonly string[]
  /** How readily they leave a track, compared with others of their age; 1 is usual. */
  restlessness: number
  /** How much they listen, from 0 to 1. */
  appetite: number
  /** When they are a member; see {@link isMember}. */
  membership: { phase: number; days: number }
}

/** What there is to choose from. */
export interface Choices {
  platforms: readonly string[]
  moods: readonly string[]
  genres: readonly string[]
  /** The more popular first; none where only genres matter. */
  artists?: readonly string[]
}

const FAVOURITE_GENRES = 3
const FAVOURITE_ARTISTS = 4
const MOODS_EACH = 5
const DAY = 86_400_000

/** In so many days everybody joins once and leaves once. */
const MEMBERSHIP_CYCLE = 500
const SHORTEST_MEMBERSHIP = 300

// Reserved for examples (RFC 2606): no simulated person has a mailbox that belongs to a real one.
const DOMAINS = ['example.org', 'example.com', 'example.net']

/**
 * The people of a simulated crowd. The first people of a larger crowd are those of a smaller one with the same seed.
 * @param count how many
 * @param choices platforms (the more popular first), moods, genres and artists of the catalogue
 */
export function createListeners(seed: number, count: number, choices: Choices): Listener[] {
  const random = createRandom(seed, 'listeners')
  // Of its own, so that whoever somebody is does not change when they get one habit more.
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
      // A few listen much, most now and then.
      appetite: 0.15 + 0.85 * habits.next() * habits.next(),
      membership: {
        phase: habits.below(MEMBERSHIP_CYCLE),
        days: SHORTEST_MEMBERSHIP + habits.below(MEMBERSHIP_CYCLE - SHORTEST_MEMBERSHIP),
      },
    }
  })
}

/** Whether somebody belongs to the crowd on this day: people join, and people leave. */
export function isMember({ membership }: Pick<Listener, 'membership'>, at: number): boolean {
  return (Math.floor(at / DAY) + membership.phase) % MEMBERSHIP_CYCLE < membership.days
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
