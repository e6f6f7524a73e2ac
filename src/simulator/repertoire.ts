import type { Song } from '../catalogue/song.ts'
import { createLottery, type Lottery } from './lottery.ts'
import type { Random } from './random.ts'
import { createReleases, type Releases } from './releases.ts'
import { type Track, trackOf } from './track.ts'

/** The tracks that there are to play, by how popular they are. */
export interface Repertoire {
  /** Any track. */
  any(random: Random): Track
  /** A track of this genre, or any where the genre has none. */
  ofGenre(genre: string, random: Random): Track
  /** A track of this artist, or any where the artist has none. */
  ofArtist(artist: string, random: Random): Track
  /** One of those that were added last while the simulator ran; any where none were. */
  novelty(random: Random): Track
  /** What came out lately. */
  releases: Releases<Track>
}

/** Among so many of the songs added last people look for something new. */
const NOVELTIES = 20

/**
 * Zipf's law as Mandelbrot wrote it, with exponent 1: the greatest hit is played some times as often as the tenth, and the
 * long tail hardly ever. The constant keeps the very first from drowning the rest.
 */
const TO_RANK = 2.7

/** The ranks are drawn up again when the catalogue has grown by this share: each time costs as much as it is large. */
const GROWTH = 0.01

/**
 * Follows a catalogue that grows while the simulator runs: a song added to it is played from the next event on.
 * @param songs a live view of the catalogue
 */
export function createRepertoire(songs: () => readonly Song[], seed = 0): Repertoire {
  // By the song itself, so that only what is new has to be worked out when the catalogue has grown.
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

  // By identity: a catalogue may be read again into other objects.
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
      // They were added at the end; where they were not, the list is another one altogether.
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
