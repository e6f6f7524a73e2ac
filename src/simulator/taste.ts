import type { Track } from './track.ts'

/** Preferences of a listener. */
export interface Taste {
  /** Favourite genres, the strongest first. */
  genres: readonly string[]
  /** Favourite artists. */
  artists: readonly string[]
  /** Tendency to explore, from 0 to 1. */
  discovery: number
}

/** Whether a listener likes a track. */
export function likes(taste: Taste, { genre, artist }: Pick<Track, 'genre' | 'artist'>): boolean {
  return taste.genres.includes(genre) || taste.artists.includes(artist)
}

/**
 * Tendency to leave a track, relative to all tracks. Taste and a fitting mood lower it.
 * @param energy energy of the mood, from 0 to 1
 */
export function restlessnessFor(taste: Taste, track: Track, energy: number): number {
  const byTaste = taste.artists.includes(track.artist)
    ? 0.72
    : taste.genres.includes(track.genre)
      ? 0.85
      : 1.15
  return byTaste * (0.92 + 0.25 * Math.abs(track.energy - energy))
}
