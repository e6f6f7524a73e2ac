import type { DocumentReference } from '@google-cloud/firestore'
import type { HandedListen } from '../sink/target.ts'
import { COLLECTIONS, documentId } from './documents.ts'
import type { Opened } from './firestore.ts'
import { makeOnce } from './once.ts'

interface Song {
  title: string
  artist: string
  genre: string
}

/** Songs per request. */
const AT_ONCE = 200

/**
 * Writes new songs of listens. The document id is the title, or title and artist if another artist's
 * song has that title. Existing documents stay unchanged.
 * @param written paths of known songs; new ones are added
 */
export async function writeSongs(
  { firestore, requests }: Opened,
  listens: readonly HandedListen[],
  written: Set<string>,
): Promise<void> {
  const songs = firestore.collection(COLLECTIONS.songs)
  const found = new Map<string, Song>()
  for (const { listen } of listens) {
    const { title, artist, genre } = listen
    const key = keyOf({ title, artist })
    if (!written.has(key)) found.set(key, { title, artist, genre })
  }
  const all = [...found.values()]
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE)
    const known = await requests.ask(
      firestore.getAll(...some.map(({ title }) => songs.doc(documentId(title)))),
    )
    await Promise.all(
      some.map(async (song, index) => {
        const there = known[index]
        if (there === undefined || (there.exists && isSame(there.data(), song))) return
        const taken = there.exists || !(await requests.ask(isOurs(there.ref, song)))
        if (taken)
          await requests.ask(makeOnce(songs.doc(documentId(`${song.title} (${song.artist})`)), { ...song }))
      }),
    )
  }
  for (const key of found.keys()) written.add(key)
}

/** Creates the document of a song. @returns false if another artist's song took that id */
async function isOurs(ref: DocumentReference, song: Song): Promise<boolean> {
  if (await makeOnce(ref, { ...song })) return true
  return isSame((await ref.get()).data(), song)
}

/** Another program that identifies songs by title created documents without an artist. */
function isSame(document: Record<string, unknown> | undefined, { artist }: Song): boolean {
  const there = document?.['artist']
  return there === undefined || there === artist
}

const keyOf = ({ title, artist }: Pick<Song, 'title' | 'artist'>) => `song ${JSON.stringify([title, artist])}`
