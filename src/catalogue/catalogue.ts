import { normal } from '../listen/name-based-id.ts'
import type { Store } from '../store/store.ts'
import type { InitialCatalogue } from './initial.ts'
import type { Song } from './song.ts'
import { insertSongs, readSongs } from './songs.ts'

/** All known songs, genres, platforms and moods. It only grows. */
export interface Catalogue {
  readonly platforms: readonly string[]
  readonly moods: readonly string[]
  /** The initial genres and those of all songs. */
  genres(): readonly string[]
  /** All songs in the order of adding; a live view. */
  songs(): readonly Song[]
  has(song: Song): boolean
  /** Adds new songs; ignores known ones. */
  add(songs: readonly Song[]): Promise<void>
  /** Loads songs that other processes have added. */
  refresh(): Promise<void>
}

const SPELLINGS = 100_000

/** Identity of a song regardless of case and spaces, as in its track id. */
function songKey({ title, artist }: Song): string {
  return `${normal(artist)}\n${normal(title)}`
}

/**
 * Loads the catalogue of a store. A new store gets the initial one.
 * @param initial catalogue of a new store
 */
export async function openCatalogue(store: Store, initial: InitialCatalogue): Promise<Catalogue> {
  const songs: Song[] = []
  const keys = new Set<string>()
  // Cache of known spellings: a usual song takes two look-ups and builds no text. Emptied when full.
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
