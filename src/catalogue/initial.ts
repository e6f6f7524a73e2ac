import { readFile } from 'node:fs/promises'
import type { Song } from './song.ts'

/** What a new Playhead knows before anybody has listened. */
export interface InitialCatalogue {
  platforms: string[]
  moods: string[]
  genres: string[]
  songs: Song[]
}

/** Reads the catalogue that ships with Playhead. */
export async function initialCatalogue(): Promise<InitialCatalogue> {
  return JSON.parse(await readFile(new URL('../../data/catalogue.json', import.meta.url), 'utf8'))
}
