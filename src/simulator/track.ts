import { createHash } from 'node:crypto'
import type { Song } from '../catalogue/song.ts'
import { trackId } from '../listen/identity.ts'

/** A song with what the simulator makes up about it, always the same for the same title and artist. */
export interface Track extends Song {
  id: string
  /** Whole seconds from 120 to 420, most of them between three and four minutes. */
  duration: number
  /** How often it is played, compared with others. */
  popularity: number
}

/** Derives from the song's identity alone, so every process and every seed agrees on how long it is. */
export function trackOf({ title, artist, genre }: Song): Track {
  const id = trackId(title, artist)
  const digest = createHash('sha1').update(id).digest()
  const [first, second, third] = [0, 4, 8].map((at) => digest.readUInt32LE(at) / 4_294_967_296)
  return {
    title,
    artist,
    genre,
    id,
    duration: 120 + Math.round(300 * (((first ?? 0) + (second ?? 0)) / 2) ** 1.6),
    // From 1 to 12 with few near the top: a handful of hits, and nothing that is never played.
    popularity: 1 / (1 / 12 + (11 / 12) * (third ?? 0)),
  }
}
