import type { Song } from '../catalogue/song.ts'
import { isCompleted } from '../listen/derive.ts'
import type { Listen } from '../listen/listen.ts'
import type { Listener } from './listener.ts'
import { createRandom } from './random.ts'
import { createRepertoire } from './repertoire.ts'
import { hear, nextTrack, type Session, startSession } from './session.ts'

export interface Traffic {
  /** The next listen of the crowd. */
  next(): Listen
}

/** This share of the crowd listens at the same time. */
const LISTENING_SHARE = 0.25

/**
 * What a crowd plays: the same listens in the same order for the same seed, listeners and songs, except for their
 * timestamps, which come from `now`.
 * @param options.songs a live view of the catalogue: a song added to it is played, too
 * @param options.now milliseconds since 1970
 * @throws RangeError when there are no listeners, and from `next` while there are no songs
 */
export function createTraffic(options: {
  seed: number
  listeners: readonly Listener[]
  songs: () => readonly Song[]
  now: () => number
}): Traffic {
  if (options.listeners.length === 0) throw new RangeError('Traffic needs listeners.')
  const random = createRandom(options.seed, 'traffic')
  const repertoire = createRepertoire(options.songs)
  const resting = [...options.listeners]

  // Nobody listens in two sessions at once: whoever starts one leaves those who rest.
  const begin = (): Session => {
    const chosen = random.below(resting.length)
    const listener = resting[chosen] as Listener
    const last = resting.pop() as Listener
    if (chosen < resting.length) resting[chosen] = last
    return startSession(listener, random)
  }
  const sessions = Array.from({ length: Math.ceil(resting.length * LISTENING_SHARE) }, begin)

  return {
    next() {
      const playing = random.below(sessions.length)
      const session = sessions[playing] as Session
      const { listener } = session
      const track = nextTrack(session, repertoire, random)
      const { position, rating } = hear(track, session, random)
      const completed = isCompleted(position, track.duration)
      session.last = track
      session.tracksLeft--
      if (session.tracksLeft <= 0) {
        resting.push(listener)
        sessions[playing] = begin()
      }
      return {
        user_id: listener.id,
        name: listener.name,
        email: listener.email,
        track_id: track.id,
        title: track.title,
        artist: track.artist,
        genre: track.genre,
        // Whole seconds, as the producers that exist send them.
        timestamp: Math.floor(options.now() / 1000),
        platform: session.platform,
        location: { city: listener.city, country: listener.country },
        mood: session.mood,
        duration_seconds: track.duration,
        listen_position: position,
        completed,
        rating,
        is_skipped: !completed,
      }
    },
  }
}
