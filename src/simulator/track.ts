import { createHash } from 'node:crypto'
import type { Song } from '../catalogue/song.ts'
import { trackId } from '../listen/name-based-id.ts'
import { energyOfGenre } from './mood.ts'
import { type SkipProfile, skipProfile } from './skip-profile.ts'

/** A song with simulated attributes, which depend only on title and artist. */
export interface Track extends Song {
  id: string
  /** Whole seconds, 120 to 420; mostly three to four minutes. */
  duration: number
  /** From 0 to 1; the highest is the most popular song. */
  appeal: number
  /** From 0 to 1. */
  energy: number
  /** Its skip profile. */
  readonly skips: SkipProfile
}

/** Derives attributes from the song's identity, so that all processes and seeds agree. */
export function trackOf({ title, artist, genre }: Song): Track {
  const id = trackId(title, artist)
  const digest = createHash('sha1').update(id).digest()
  const [first, second, third] = [0, 4, 8].map((at) => digest.readUInt32LE(at) / 4_294_967_296)
  const duration = 120 + Math.round(300 * (((first ?? 0) + (second ?? 0)) / 2) ** 1.6)
  let skips: SkipProfile | undefined
  return {
    title,
    artist,
    genre,
    id,
    duration,
    appeal: third ?? 0,
    energy: energyOfGenre(genre),
    // Computed on demand, because most songs of a large catalogue are never played.
    get skips() {
      skips ??= skipProfile(id, duration)
      return skips
    },
  }
}
