import type { Song } from '../catalogue/song.ts'
import { createLottery, type Lottery } from './lottery.ts'
import type { Random } from './random.ts'
import { createReleases, type Releases } from './releases.ts'
import { type Track, trackOf } from './track.ts'

/** The tracks to play, by popularity. */
export interface Repertoire {
  /** Any track. */
  any(random: Random): Track
  /** A track of this genre, or any if the genre has none. */
  ofGenre(genre: string, random: Random): Track
  /** A track of this artist, or any if the artist has none. */
  ofArtist(artist: string, random: Random): Track
  /** A track added recently while the simulator runs, or any if there is none. */
  novelty(random: Random): Track
  /** Recent releases. */
  releases: Releases<Track>
}

/** Number of recently added songs. */
const NOVELTIES = 20

/**
 * Zipf-Mandelbrot law with exponent 1. The constant keeps the first song from dominating.
 */
const TO_RANK = 2.7

/** Growth of the catalogue after which ranks are recalculated, which costs time in proportion to its size. */
const GROWTH = 0.01

/**
 * Follows a growing catalogue: an added song can be played by the next event.
 * @param songs a live view of the catalogue
 */
export function createRepertoire(songs: () => readonly Song[], seed = 0): Repertoire {
  // Keyed by song, so that only new songs are processed when the catalogue grows.
  const known = new WeakMap<Song, Track>()
  let seen: readonly Song[] = []
  let ranked = 0
  let looked = -1
  let tracks: Track[] = []
  let all: Lottery<Track> | undefined
  let genres = new Map<string, Lottery<Track>>()
  let artists = new Map<string, Lottery<Track>>()
  let novelties: Track[] = []

  const track = (song: Song) => {
    let found = known.get(song)
    if (found === undefined) {
      found = trackOf(song)
      known.set(song, found)
    }
    return found
  }

  // Keyed by identity, because a catalogue may be reloaded into new objects.
  const atStart = new Set(songs().map((song) => track(song).id))

  function current(): Lottery<Track> {
    const now = songs()
    if (all !== undefined && now === seen && now.length === looked) return all
    novelties = newest(now)
    if (all === undefined || now !== seen || now.length > ranked * (1 + GROWTH)) all = rank(now)
    seen = now
    looked = now.length
    return all
  }

  function newest(now: readonly Song[]): Track[] {
    const found: Track[] = []
    for (let at = now.length - 1; at >= 0 && found.length < NOVELTIES; at--) {
      const its = track(now[at] as Song)
      if (!atStart.has(its.id)) found.unshift(its)
      // New songs are at the end; otherwise the list was replaced.
      else if (now === seen) break
    }
    return found
  }

  function rank(now: readonly Song[]): Lottery<Track> {
    ranked = now.length
    tracks = now.map(track).sort((a, b) => b.appeal - a.appeal)
    const places = new Map(tracks.map((its, place) => [its, place]))
    const popularity = (its: Track) => 1 / ((places.get(its) ?? 0) + TO_RANK)
    const by = (key: (its: Track) => string) =>
      new Map([...Map.groupBy(tracks, key)].map(([name, its]) => [name, createLottery(its, popularity)]))
    genres = by(({ genre }) => genre)
    artists = by(({ artist }) => artist)
    return createLottery(tracks, popularity)
  }

  return {
    any: (random) => current().draw(random),
    ofGenre(genre, random) {
      const any = current()
      return (genres.get(genre) ?? any).draw(random)
    },
    ofArtist(artist, random) {
      const any = current()
      return (artists.get(artist) ?? any).draw(random)
    },
    novelty(random) {
      const any = current()
      return novelties.length > 0 ? random.pick(novelties) : any.draw(random)
    },
    releases: createReleases(seed, () => {
      current()
      return tracks
    }),
  }
}
