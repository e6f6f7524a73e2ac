import type { Song } from '../catalogue/song.ts'
import { isCompleted } from '../listen/derive.ts'
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

/** So many people are asked whether they would like to listen before one of them has to. */
const ASKED = 60

/** Whoever has stopped listening does not begin again before. */
const REST = 30 * 60_000

/**
 * What a crowd plays: the same listens in the same order for the same seed, listeners, songs and times.
 *
 * Time is given, and with it how much is played: where nobody's track has come to its end, somebody else begins to listen.
 * So there are as many sessions under way as the rate asks for, and nobody hears two tracks at once; only where the whole
 * crowd listens already and still more is asked for, tracks begin before the one before has ended.
 * @param options.songs a live view of the catalogue: a song added to it is played, too
 * @param options.now milliseconds since 1970 of the next listen; never earlier than before
 * @param options.profile how the crowd is today; a live view
 * @throws RangeError when there are no listeners, and from `next` while there are no songs
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

  // Nobody listens in two sessions at once: whoever starts one leaves those who rest.
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
    user_id: listener.id,
    name: listener.name,
    email: listener.email,
    track_id: track.id,
    title: track.title,
    artist: track.artist,
    genre: track.genre,
    // Whole seconds, as the producers that exist send them.
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
