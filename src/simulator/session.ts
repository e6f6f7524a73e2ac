import type { Device } from './device.ts'
import type { Listener } from './listener.ts'
import { energyOfMood } from './mood.ts'
import type { Profile } from './profile.ts'
import type { Random } from './random.ts'
import type { Repertoire } from './repertoire.ts'
import type { Rhythm } from './rhythm.ts'
import { likes, restlessnessFor } from './taste.ts'
import type { Track } from './track.ts'

/** State of a session; see {@link STEPS}. */
export type State = 'choose' | 'play' | 'skip' | 'finish' | 'repeat' | 'rate' | 'pause' | 'stop'

/** Source of the tracks of a session. */
type Source = 'artists' | 'genre' | 'everything'

/** A session: several tracks in a row on one platform, with a changing mood. */
export interface Session {
  listener: Listener
  state: State
  /** Index of the listener's current mood. */
  moodAt: number
  platform: string
  device: Device
  source: Source
  /** Genre of this session. */
  genre: string
  tracksLeft: number
  /** The current or last track. */
  track: Track | undefined
  /** Position in it, in whole seconds. */
  position: number
  /** Rating in steps of 0.5; mostly null. */
  rating: number | null
  /** Seconds from the end of this track to the next one. */
  silence: number
  /** Rises with a skip and falls with a completed track: skips come in rows. */
  impatience: number
}

/** Environment of a session. */
export interface Scene {
  random: Random
  repertoire: Repertoire
  rhythm: Rhythm
  profile: Profile
  /** Milliseconds since 1970. */
  at: number
}

/**
 * The states of a session. Each step acts and returns the next state. A listen begins with `choose` or
 * `repeat` and ends with `rate`.
 *
 *            ┌──────────────────── pause ◀───────────┐
 *            ▼                                       │
 *   start ─▶ choose ─▶ play ─┬─▶ skip ───┬─▶ rate ───┼─▶ stop
 *                       ▲    └─▶ finish ─┘           │
 *                       └──────────────── repeat ◀───┘
 */
const STEPS: Record<State, (session: Session, scene: Scene) => State> = {
  choose(session, scene) {
    const heard = session.track
    drift(session, scene.random)
    session.track = choose(session, scene)
    // Repeats are a separate state, so do not choose the same track by chance.
    if (session.track === heard) session.track = scene.repertoire.any(scene.random)
    return 'play'
  },

  play(session, { random, rhythm, profile, at }) {
    const { listener, device, impatience } = session
    const track = session.track as Track
    const restlessness =
      restlessnessFor(listener, track, energyOfMood(moodOf(session))) *
      listener.restlessness *
      listener.ageGroup.restlessness *
      device.restlessness *
      rhythm.restlessness(listener, at) *
      impatience *
      profile.restlessness
    session.position = track.skips.leavingSecond(random.exponential() / restlessness)
    session.tracksLeft--
    return session.position < track.duration ? 'skip' : 'finish'
  },

  skip(session) {
    session.impatience = Math.min(MOST_IMPATIENT, session.impatience * 1.25)
    return 'rate'
  },

  finish(session) {
    session.impatience = Math.max(LEAST_IMPATIENT, session.impatience * 0.8)
    return 'rate'
  },

  repeat(session, scene) {
    drift(session, scene.random)
    return 'play'
  },

  rate(session, { random }) {
    const track = session.track as Track
    const liked = likes(session.listener, track)
    session.rating = stars(session.position / track.duration, liked, random)
    if (session.tracksLeft <= 0) return 'stop'
    const again = session.position === track.duration && random.chance(liked ? 0.04 : 0.01)
    return again ? 'repeat' : 'pause'
  },

  pause(session, { random }) {
    session.silence = silence(random)
    return 'choose'
  },

  stop: () => 'stop',
}

const LEAST_IMPATIENT = 0.6
const MOST_IMPATIENT = 1.6

/** Starts a session. */
export function startSession(listener: Listener, { random }: Scene): Session {
  return {
    listener,
    state: 'choose',
    moodAt: random.below(listener.moods.length),
    platform: random.chance(0.85) ? listener.platform : listener.otherPlatform,
    device: listener.device,
    source: random.pick(SOURCES),
    // The favourite in half of the sessions.
    genre: listener.genres[random.chance(0.5) ? 0 : random.below(listener.genres.length)] ?? '',
    tracksLeft: sessionLength(random),
    track: undefined,
    position: 0,
    rating: null,
    silence: 0,
    impatience: 1,
  }
}

/**
 * Advances a session by one track: sets `track`, `position`, `rating`, and `silence` until the next.
 * @returns whether a next track follows
 */
export function hear(session: Session, scene: Scene): boolean {
  do session.state = STEPS[session.state](session, scene)
  while (session.state !== 'rate')
  session.state = STEPS.rate(session, scene)
  session.silence = 0
  if (session.state === 'pause') session.state = STEPS.pause(session, scene)
  return session.state !== 'stop'
}

export function moodOf({ listener, moodAt }: Session): string {
  return listener.moods[moodAt] as string
}

const SOURCES: readonly Source[] = ['artists', 'genre', 'genre', 'everything']
const DRIFTS = 0.05
const CHANGES_SOURCE = 0.06
const NOVELTY = 0.04
const MISMATCH = 0.45

/** Sometimes changes the mood to a neighbour in energy. */
function drift(session: Session, random: Random): void {
  if (!random.chance(DRIFTS)) return
  const next = session.moodAt + (random.chance(0.5) ? 1 : -1)
  session.moodAt = Math.max(0, Math.min(session.listener.moods.length - 1, next))
}

function choose(session: Session, { random, repertoire, profile, at }: Scene): Track {
  const { listener } = session
  const { releases } = repertoire
  const wish = random.next()
  if (wish < profile.release) return releases.ofDay(at) ?? repertoire.any(random)
  if (random.chance(releases.share(at))) return random.pick(releases.ofWeek(at))
  if (random.chance(NOVELTY * 2 * listener.discovery)) return repertoire.novelty(random)
  if (random.chance(CHANGES_SOURCE)) session.source = random.pick(SOURCES)
  const track = fromSource(session, repertoire, random)
  // A track that does not fit the mood is drawn again once.
  const energy = energyOfMood(moodOf(session))
  return Math.abs(track.energy - energy) > MISMATCH ? fromSource(session, repertoire, random) : track
}

function fromSource({ source, listener, genre }: Session, repertoire: Repertoire, random: Random): Track {
  // Explorers leave their favourites more often.
  if (source === 'everything' || random.chance(0.15 + 0.3 * listener.discovery)) return repertoire.any(random)
  if (source === 'genre' || listener.artists.length === 0) return repertoire.ofGenre(genre, random)
  return repertoire.ofArtist(random.pick(listener.artists), random)
}

/** Number of tracks: mostly 10 to 20, as in Brost et al. */
function sessionLength(random: Random): number {
  const kind = random.next()
  if (kind < 0.12) return 2 + random.below(8)
  if (kind < 0.9) return 10 + random.below(11)
  return 21 + random.below(20)
}

/** Seconds between tracks: mostly none or a few, sometimes a longer pause. */
function silence(random: Random): number {
  const kind = random.next()
  if (kind < 0.75) return 1
  if (kind < 0.95) return 2 + random.below(10)
  return 30 + random.below(570)
}

function stars(share: number, liked: boolean, random: Random): number | null {
  // Listeners who skip early rarely rate.
  if (!random.chance(share < 0.3 ? 0.06 : 0.32)) return null
  const felt = 1.4 + 2.4 * share + (liked ? 0.6 : 0) + 2.4 * (random.next() - 0.5)
  return Math.max(0, Math.min(5, Math.round(felt * 2) / 2))
}
