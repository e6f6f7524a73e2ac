import type { ListenEvent } from '../../src/listen/listen.ts'
import { createRandom } from '../../src/simulator/random.ts'
import { event } from './event.ts'
import { someExtras } from './extras.ts'

/** Zones whose clocks differ in every way that clocks do: whole and half hours, and changes of one and of half an hour. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
] as const

/** Around these days of 2026 the clock changes in one of the zones. */
const CHANGES = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01']
const DAY = 86_400
const CITIES = [
  ['Osaka', 'Japan'],
  ['Lyon', 'France'],
  ['Paris', 'France'],
  ['Oslo', 'Norway'],
  ['São Paulo', 'Brazil'],
] as const

/** Listens of 2026, most of them around the days on which a clock changes; the same seed makes the same. */
export function knownListens(count: number, seed: number): ListenEvent[] {
  const { below, pick } = createRandom(seed, 'known listens')
  const [first, last] = [Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 10, 15) / 1000]
  return Array.from({ length: count }, () => {
    const aroundChange = Date.parse(`${pick(CHANGES)}T00:00:00Z`) / 1000 - 1.5 * DAY + below(4 * DAY)
    const user = below(25)
    const song = below(12)
    const [city, country] = pick(CITIES)
    const duration = 150 + below(200)
    // Halves add up without rounding, in whatever order.
    const position = pick([below(2 * duration + 1) / 2, below(60) / 2, duration])
    return event({
      user_id: `user-${user}`,
      name: `Listener ${user}`,
      title: `Song ${song}${song % 4 === 0 ? " '; DROP TABLE listens --" : ''}`,
      artist: `Artist ${song % 5}`,
      genre: ['Pop', 'Jazz', 'Rock', 'Lo-fi'][song % 4] ?? '',
      platform: pick(['Spotify', 'Apple Music', 'Tidal']),
      location: { city, country },
      mood: pick(['Happy', 'Sad', 'Calm']),
      timestamp: pick([aroundChange, aroundChange, first + below(last - first)]) + pick([0, 0.25]),
      duration_seconds: duration,
      listen_position: position,
      completed: position / duration >= 0.8,
      is_skipped: position / duration < 0.5,
      rating: pick([null, 0, 0.5, 2, 3.5, 4.5, 5]),
      ...someExtras(pick),
    })
  })
}

export const percentOf = ({ listen_position, duration_seconds }: ListenEvent) =>
  Math.round((1_000 * listen_position) / duration_seconds) / 10

/** What a clock on the wall of a zone shows. */
export interface Clock {
  /** Such as 2026-10-25. */
  date: string
  hour: number
  minute: number
  /** 1 is Monday, 7 is Sunday. */
  weekday: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** @param seconds since 1970 */
export function clockAt(seconds: number, zone: string): Clock {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'long',
      hour: '2-digit',
      minute: '2-digit',
    })
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]))
  return {
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    hour: Number(parts.get('hour')),
    minute: Number(parts.get('minute')),
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1,
  }
}

export type Unit = 'hour' | 'day' | 'month'

/** All zones here change and begin their days on full or half hours (UTC). */
const STEP = 1_800

/**
 * When each hour, day or month of a zone begins, from the one that holds `from` up to `to`, found by looking at the clock
 * every half hour: a new one begins where the clock names another, and a new hour also where the clock was changed.
 */
export function bucketStarts(from: number, to: number, unit: Unit, zone: string): number[] {
  const nameOf = ({ date, hour }: Clock) =>
    unit === 'month' ? date.slice(0, 7) : unit === 'day' ? date : `${date} ${hour}`
  const begins = (at: number) => {
    const [before, now] = [clockAt(at - STEP, zone), clockAt(at, zone)]
    if (nameOf(before) !== nameOf(now)) return true
    return unit === 'hour' && now.minute - before.minute !== STEP / 60
  }
  let first = Math.floor(from / STEP) * STEP
  while (!begins(first)) first -= STEP
  const starts = [first]
  for (let at = first + STEP; at < to; at += STEP) if (begins(at)) starts.push(at)
  return starts
}
