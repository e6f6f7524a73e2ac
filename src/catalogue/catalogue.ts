import { normal } from '../listen/name-based-id.ts'
import type { Store } from '../store/store.ts'
import type { InitialCatalogue } from './initial.ts'
import type { Song } from './song.ts'
import { insertSongs, readSongs } from './songs.ts'

/** The songs, genres, platforms and moods that Playhead knows. It grows and never shrinks. */
export interface Catalogue {
  readonly platforms: readonly string[]
  readonly moods: readonly string[]
  /** The initial genres and every genre that a song brought. */
  genres(): readonly string[]
  /** All songs; a live view, in the order in which they were added. */
  songs(): readonly Song[]
  has(song: Song): boolean
  /** Keeps songs that are new; those that are known already are left out. */
  add(songs: readonly Song[]): Promise<void>
  /** Reads what other processes have added since. */
  refresh(): Promise<void>
}

const SPELLINGS = 100_000

/** The same for the same song, whatever its capitals and spaces: as its track id tells songs apart. */
function songKey({ title, artist }: Song): string {
  return `${normal(artist)}\n${normal(title)}`
}

/**
 * Loads the catalogue of a store, which on its first use gets the initial one.
 * @param initial what a new store starts with
 */
export async function openCatalogue(store: Store, initial: InitialCatalogue): Promise<Catalogue> {
  const songs: Song[] = []
  const keys = new Set<string>()
  // Titles by artist in spellings that were met before, so that the usual song costs two look-ups and makes no text of its
  // own; emptied when there are too many.
  const spellings = new Map<string, Set<string>>()
  let spelled = 0
  const genres = new Set(initial.genres)

  function know(song: Song): void {
    const key = songKey(song)
    if (keys.has(key)) return
    keys.add(key)
    songs.push(song)
    genres.add(song.genre)
  }

  async function add(candidates: readonly Song[]): Promise<void> {
    const fresh = new Map<string, Song>()
    for (const song of candidates) {
      const key = songKey(song)
      if (!keys.has(key) && !fresh.has(key)) fresh.set(key, song)
    }
    await insertSongs(store, [...fresh.values()], Date.now() / 1000)
    for (const song of fresh.values()) know(song)
  }

  async function refresh(): Promise<void> {
    for (const song of await readSongs(store)) know(song)
  }

  await refresh()
  if (songs.length === 0) await add(initial.songs)
  return {
    platforms: initial.platforms,
    moods: initial.moods,
    genres: () => [...genres],
    songs: () => songs,
    has(song) {
      const titles = spellings.get(song.artist)
      if (titles?.has(song.title)) return true
      if (!keys.has(songKey(song))) return false
      if (++spelled > SPELLINGS) {
        spellings.clear()
        spelled = 1
      }
      spellings.set(song.artist, (spellings.get(song.artist) ?? new Set()).add(song.title))
      return true
    },
    add,
    refresh,
  }
}
