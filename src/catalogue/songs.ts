import type { Store } from '../store/store.ts'
import type { Song } from './song.ts'

/** All songs in the order of adding. */
export async function readSongs(store: Store): Promise<Song[]> {
  const rows = await store.rows<[string, string, string]>(
    'SELECT title, artist, genre FROM songs FINAL ORDER BY added_at, artist, title',
    { maxSeconds: 60 },
  )
  return rows.map(([title, artist, genre]) => ({ title, artist, genre }))
}

/** Adds songs; a repeated one replaces the first. */
export function insertSongs(store: Store, songs: readonly Song[], addedAt: number): Promise<void> {
  return store.insert(
    { table: 'songs', columns: ['title', 'artist', 'genre', 'added_at'] },
    // One millisecond apart, to keep their order.
    songs.map(({ title, artist, genre }, at) =>
      JSON.stringify([title, artist, genre, (addedAt + at / 1000).toFixed(3)]),
    ),
  )
}
