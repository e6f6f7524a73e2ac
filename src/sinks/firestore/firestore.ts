import { randomUUID } from 'node:crypto'
import type { DocumentReference, Firestore } from '@google-cloud/firestore'
import type { FirestoreAccess } from '../../sink-settings.ts'
import type { HandedListen, SinkTarget } from '../target.ts'
import { COLLECTIONS, documentId, eventDocument, eventId } from './documents.ts'
import { makeOnce } from './once.ts'
import { writeSongs } from './songs.ts'
import { firestoreTrouble } from './trouble.ts'

/** Documents of one request. */
const BATCH = 250
/** Requests under way at once. */
const CONCURRENCY = 4
/** The library repeats what fails for minutes without a word; after so long it is asked no more. */
const ANSWER_MS = 15_000
/** So many names are remembered as written. */
const REMEMBERED = 100_000

/** Firestore as a target; Google's library is loaded when it is first opened. */
export function createFirestore(access: FirestoreAccess): SinkTarget {
  let opened: Firestore | null = null
  /** Paths of documents that are known to be there. */
  const written = new Set<string>()

  async function close(): Promise<void> {
    const closing = opened
    opened = null
    await closing?.terminate().catch(() => {})
  }

  async function writeNames(firestore: Firestore, listens: readonly HandedListen[]): Promise<void> {
    const found = new Map<string, { ref: DocumentReference; name: string }>()
    const note = (collection: string, name: string) => {
      const ref = firestore.collection(collection).doc(documentId(name))
      if (!written.has(ref.path)) found.set(ref.path, { ref, name })
    }
    for (const { listen } of listens) {
      note(COLLECTIONS.platforms, listen.platform)
      note(COLLECTIONS.moods, listen.mood)
      note(COLLECTIONS.genres, listen.genre)
    }
    await inBatches([...found.values()], async (some) => {
      const batch = firestore.batch()
      // What others have written into the same document stays.
      for (const { ref, name } of some) batch.set(ref, { name }, { merge: true })
      await batch.commit()
    })
    for (const path of found.keys()) written.add(path)
  }

  async function writeEvents(firestore: Firestore, listens: readonly HandedListen[]): Promise<void> {
    const events = firestore.collection(COLLECTIONS.events)
    const plain = listens.filter(({ onceKey }) => onceKey === '')
    await inBatches(plain, async (some) => {
      const batch = firestore.batch()
      for (const handed of some) batch.set(events.doc(eventId(handed)), eventDocument(handed))
      await batch.commit()
    })
    // Of those with the same once key the first one counts, as in the store. They are few.
    for (const handed of listens)
      if (handed.onceKey !== '') await makeOnce(events.doc(eventId(handed)), eventDocument(handed))
  }

  return {
    name: 'firestore',
    async open() {
      await close()
      written.clear()
      const { Firestore } = await import('@google-cloud/firestore')
      const { project, database, emulator } = access
      const firestore = new Firestore({
        databaseId: database,
        ...(project === null ? {} : { projectId: project }),
        ...(emulator === null ? {} : { host: emulator, ssl: false }),
      })
      opened = firestore
      return await inTime(identityOf(firestore))
    },
    async write(listens) {
      const firestore = opened
      if (firestore === null) throw new Error('Firestore was not opened')
      if (written.size > REMEMBERED) written.clear()
      await inTime(writeNames(firestore, listens))
      await inTime(writeSongs(firestore, listens, written))
      await inTime(writeEvents(firestore, listens))
    },
    troubleOf: (error) => firestoreTrouble(error, access),
    close,
  }
}

async function identityOf(firestore: Firestore): Promise<string> {
  const ref = firestore.collection(COLLECTIONS.sink).doc('sink')
  const known = await ref.get()
  if (!known.exists) await makeOnce(ref, { id: randomUUID() })
  const { id } = (known.exists ? known : await ref.get()).data() ?? {}
  return String(id)
}

/** Writes in requests of a size that Firestore takes, some at once. */
async function inBatches<T>(all: readonly T[], write: (some: T[]) => Promise<void>): Promise<void> {
  let from = 0
  async function work(): Promise<void> {
    while (from < all.length) {
      const some = all.slice(from, from + BATCH)
      from += BATCH
      await write(some)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const limit = setTimeout(
    () => late.reject(Object.assign(new Error('no answer'), { code: 'NO_ANSWER' })),
    ANSWER_MS,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(limit)
  }
}
