import { createHash } from 'node:crypto'
import type { Song } from '../catalogue/song.ts'
import { trackId } from '../listen/name-based-id.ts'
import { energyOfGenre } from './mood.ts'
import { type SkipProfile, skipProfile } from './skip-profile.ts'

/** A song with what the simulator makes up about it, always the same for the same title and artist. */
export interface Track extends Song {
  id: string
  /** Whole seconds from 120 to 420, most of them between three and four minutes. */
  duration: number
  /** From 0 to 1; the song with the highest is the greatest hit of a catalogue. */
  appeal: number
  /** From 0 to 1. */
  energy: number
  /** How people leave it. */
  readonly skips: SkipProfile
}

/** Derives from the song's identity alone, so every process and every seed agrees on how long it is. */
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
    // Most songs of a large catalogue are never played, so that most profiles are never needed.
    get skips() {
      skips ??= skipProfile(id, duration)
      return skips
    },
  }
}
