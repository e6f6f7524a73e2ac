import type { Track } from './track.ts'

/** What somebody likes to hear. */
export interface Taste {
  /** Favourite genres, the first above all. */
  genres: readonly string[]
  /** Favourite artists. */
  artists: readonly string[]
  /** How much they look for what they do not know yet, from 0 to 1. */
  discovery: number
}

/** Whether it is a track as they like them. */
export function likes(taste: Taste, { genre, artist }: Pick<Track, 'genre' | 'artist'>): boolean {
  return taste.genres.includes(genre) || taste.artists.includes(artist)
}

/**
 * How readily they leave a track for what it is, compared with all tracks: what they like holds them, and so does what goes
 * with their mood.
 * @param energy what their mood asks for, from 0 to 1
 */
export function restlessnessFor(taste: Taste, track: Track, energy: number): number {
  const byTaste = taste.artists.includes(track.artist)
    ? 0.72
    : taste.genres.includes(track.genre)
      ? 0.85
      : 1.15
  return byTaste * (0.92 + 0.25 * Math.abs(track.energy - energy))
}
