import { readFile } from 'node:fs/promises'
import type { Song } from './song.ts'

/** The catalogue of a new store. */
export interface InitialCatalogue {
  platforms: string[]
  moods: string[]
  genres: string[]
  songs: Song[]
}

/** Reads the built-in catalogue. */
export async function initialCatalogue(): Promise<InitialCatalogue> {
  return JSON.parse(await readFile(new URL('../../data/catalogue.json', import.meta.url), 'utf8'))
}
