import type { Listener } from './listener.ts'
import type { Random } from './random.ts'
import type { Repertoire } from './repertoire.ts'
import type { Track } from './track.ts'

/** A listener who plays several tracks in a row, in one mood, on one platform. */
export interface Session {
  listener: Listener
  mood: string
  platform: string
  /** What they feel like hearing this time. */
  genre: string
  tracksLeft: number
  /** What they heard last. */
  last: Track | undefined
}

/** How one track was listened to. */
export interface Hearing {
  /** Whole seconds. */
  position: number
  /** Stars in halves, or null: most people do not rate most of what they hear. */
  rating: number | null
}

const TRACKS_MEAN = 7
const TRACKS_MOST = 40

export function startSession(listener: Listener, random: Random): Session {
  return {
    listener,
    mood: random.pick(listener.moods),
    platform: random.chance(0.85) ? listener.platform : listener.otherPlatform,
    // The favourite every other time.
    genre: listener.genres[random.chance(0.5) ? 0 : random.below(listener.genres.length)] ?? '',
    tracksLeft: Math.min(TRACKS_MOST, Math.ceil(-Math.log(1 - random.next()) * TRACKS_MEAN) || 1),
    last: undefined,
  }
}

/** The next track of a session; hardly ever the same one twice in a row. */
export function nextTrack(session: Session, repertoire: Repertoire, random: Random): Track {
  const draw = () => {
    const wish = random.next()
    if (wish < 0.55) return repertoire.ofGenre(session.genre, random)
    if (wish < 0.58) return repertoire.novelty(random)
    return repertoire.any(random)
  }
  const track = draw()
  return track === session.last ? repertoire.any(random) : track
}

/**
 * When people leave a track: by which second, and which share of all listeners has left by then. The shares are those
 * that Paul Lamere published for Spotify in 2014 ("The Skip"): 24 % within 5 seconds, 29 % within 10, 35 % within 30,
 * 49 % before the end.
 */
const LEFT_BY = [
  { second: 5, share: 0.24 },
  { second: 10, share: 0.29 },
  { second: 30, share: 0.35 },
] as const
const LEFT_BEFORE_END = 0.49

/** How far somebody listens, and what they think of it. */
export function hear(track: Track, { listener }: Session, random: Random): Hearing {
  const liked = listener.genres.includes(track.genre)
  const position = leavingPoint(track.duration, listener.restlessness * (liked ? 0.85 : 1.2), random)
  return { position, rating: rate(position / track.duration, liked, random) }
}

/** @param restlessness 1 leaves as often as the shares above say, 2 twice as often */
function leavingPoint(duration: number, restlessness: number, random: Random): number {
  const place = random.next() / restlessness
  let earliest = 0
  for (const { second, share } of LEFT_BY) {
    if (place < share) return earliest + 1 + random.below(second - earliest)
    earliest = second
  }
  // Fewer and fewer leave the longer it plays.
  if (place < LEFT_BEFORE_END)
    return earliest + 1 + Math.floor((duration - earliest - 1) * random.next() ** 1.5)
  return duration
}

function rate(share: number, liked: boolean, random: Random): number | null {
  // Whoever leaves at once seldom stays for the stars.
  if (!random.chance(share < 0.3 ? 0.06 : 0.32)) return null
  const stars = 1.4 + 2.4 * share + (liked ? 0.6 : 0) + 2.4 * (random.next() - 0.5)
  return Math.max(0, Math.min(5, Math.round(stars * 2) / 2))
}
