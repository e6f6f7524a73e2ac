import type { Song } from '../catalogue/song.ts'
import { isCompleted } from '../listen/derive.ts'
import { NO_EXTRAS } from '../listen/fields.ts'
import type { Listen } from '../listen/listen.ts'
import { isMember, type Listener } from './listener.ts'
import { PROFILES, type Profile } from './profile.ts'
import { createQueue } from './queue.ts'
import { createRandom } from './random.ts'
import { createRepertoire } from './repertoire.ts'
import { createRhythm } from './rhythm.ts'
import { hear, moodOf, type Scene, type Session, startSession } from './session.ts'
import type { Track } from './track.ts'

export interface Traffic {
  /** The next listen of the crowd. */
  next(): Listen
}

/** Number of idle listeners to ask before one must start. */
const ASKED = 60

/** Minimum time between sessions of a listener. */
const REST = 30 * 60_000

/**
 * The listens of a crowd: the same ones in the same order for the same seed, listeners, songs and times.
 *
 * The caller determines the times. If no track has ended by the given time, an idle listener starts a
 * session. The number of sessions therefore follows the rate, and no listener plays two tracks at
 * once, unless the whole crowd is already listening and the rate is still higher.
 * @param options.songs a live view of the catalogue; added songs are played too
 * @param options.now time of the next listen in milliseconds since 1970; never decreases
 * @param options.profile the current profile; a live view
 * @throws RangeError without listeners; `next` throws it without songs
 */
export function createTraffic(options: {
  seed: number
  listeners: readonly Listener[]
  songs: () => readonly Song[]
  now: () => number
  profile?: () => Profile
}): Traffic {
  if (options.listeners.length === 0) throw new RangeError('Traffic needs listeners.')
  const { seed, now, profile = () => PROFILES.everyday } = options
  const random = createRandom(seed, 'traffic')
  const rhythm = createRhythm()
  const scene: Scene = {
    random,
    rhythm,
    repertoire: createRepertoire(options.songs, seed),
    profile: profile(),
    at: 0,
  }
  const resting = [...options.listeners]
  const restsUntil = new Map<Listener, number>()
  const sessions = createQueue<Session>()

  const isFree = (listener: Listener) =>
    isMember(listener, scene.at) && (restsUntil.get(listener) ?? 0) <= scene.at

  // A listener has one session at a time: starting one removes the listener from the idle ones.
  function begin(): Session {
    let chosen = random.below(resting.length)
    for (let asked = 0; asked < ASKED; asked++) {
      const at = random.below(resting.length)
      const listener = resting[at] as Listener
      if (!isFree(listener)) continue
      chosen = at
      if (random.next() < listener.appetite * rhythm.activity(listener, scene.at)) break
    }
    const listener = resting[chosen] as Listener
    const last = resting.pop() as Listener
    if (chosen < resting.length) resting[chosen] = last
    return startSession(listener, scene)
  }

  return {
    next() {
      scene.at = now()
      scene.profile = profile()
      const session = resting.length > 0 && sessions.due() > scene.at ? begin() : sessions.take()
      const goesOn = hear(session, scene)
      const end = scene.at + session.position * 1000
      if (goesOn) sessions.add(end + session.silence * 1000, session)
      else {
        restsUntil.set(session.listener, end + REST)
        resting.push(session.listener)
      }
      return listenOf(session, scene.at)
    },
  }
}

function listenOf(session: Session, at: number): Listen {
  const { listener, position } = session
  const track = session.track as Track
  const completed = isCompleted(position, track.duration)
  return {
    ...NO_EXTRAS,
    user_id: listener.id,
    name: listener.name,
    email: listener.email,
    track_id: track.id,
    title: track.title,
    artist: track.artist,
    genre: track.genre,
    // Whole seconds, like existing producers.
    timestamp: Math.floor(at / 1000),
    platform: session.platform,
    location: { city: listener.city, country: listener.country },
    mood: moodOf(session),
    duration_seconds: track.duration,
    listen_position: position,
    completed,
    rating: session.rating,
    is_skipped: !completed,
  }
}
