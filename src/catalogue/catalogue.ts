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

/** The same song, whatever the spelling in capitals and spaces. */
export function songKey({ title, artist }: Song): string {
  return `${artist.trim().toLowerCase()}\n${title.trim().toLowerCase()}`
}

/**
 * Loads the catalogue of a store, which on its first use gets the initial one.
 * @param initial what a new store starts with
 */
export async function openCatalogue(store: Store, initial: InitialCatalogue): Promise<Catalogue> {
  const songs: Song[] = []
  const keys = new Set<string>()
  const genres = new Set(initial.genres)

  function know(song: Song): void {
    const key = songKey(song)
    if (keys.has(key)) return
    keys.add(key)
    songs.push(song)
    genres.add(song.genre)
  }

  async function add(candidates: readonly Song[]): Promise<void> {
    const fresh = [...new Map(candidates.map((song) => [songKey(song), song])).entries()].filter(
      ([key]) => !keys.has(key),
    )
    await insertSongs(
      store,
      fresh.map(([, song]) => song),
      Date.now() / 1000,
    )
    for (const [, song] of fresh) know(song)
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
    has: (song) => keys.has(songKey(song)),
    add,
    refresh,
  }
}
