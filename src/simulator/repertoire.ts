import type { Song } from '../catalogue/song.ts'
import { createLottery, type Lottery } from './lottery.ts'
import type { Random } from './random.ts'
import { type Track, trackOf } from './track.ts'

/** The tracks that there are to play, by how popular they are. */
export interface Repertoire {
  /** Any track. */
  any(random: Random): Track
  /** A track of this genre, or any where the genre has none. */
  ofGenre(genre: string, random: Random): Track
  /** One of those that were added last while the simulator ran; any where none were. */
  novelty(random: Random): Track
}

/** Among so many of the songs added last people look for something new. */
const NOVELTIES = 20

/**
 * Follows a catalogue that grows while the simulator runs: a song added to it is played from the next event on.
 * @param songs a live view of the catalogue
 */
export function createRepertoire(songs: () => readonly Song[]): Repertoire {
  // By the song itself, so that only what is new has to be worked out when the catalogue has grown.
  const known = new WeakMap<Song, Track>()
  let seen: readonly Song[] = []
  let seenLength = -1
  let all: Lottery<Track> | undefined
  let genres = new Map<string, Lottery<Track>>()
  let novelties: Track[] = []

  const track = (song: Song) => {
    const found = known.get(song) ?? trackOf(song)
    known.set(song, found)
    return found
  }

  // By identity: a catalogue may be read again into other objects.
  const atStart = new Set(songs().map((song) => track(song).id))

  function current(): Lottery<Track> {
    const now = songs()
    if (all !== undefined && now === seen && now.length === seenLength) return all
    const popularity = ({ popularity }: Track) => popularity
    const tracks = now.map(track)
    all = createLottery(tracks, popularity)
    genres = new Map(
      [...Map.groupBy(tracks, ({ genre }) => genre)].map(([genre, its]) => [
        genre,
        createLottery(its, popularity),
      ]),
    )
    novelties = tracks.filter(({ id }) => !atStart.has(id)).slice(-NOVELTIES)
    seen = now
    seenLength = now.length
    return all
  }

  return {
    any: (random) => current().draw(random),
    ofGenre(genre, random) {
      const any = current()
      return (genres.get(genre) ?? any).draw(random)
    },
    novelty(random) {
      const any = current()
      return novelties.length > 0 ? random.pick(novelties) : any.draw(random)
    },
  }
}
