import { randomUUID } from 'node:crypto'
import type { DocumentReference, Firestore } from '@google-cloud/firestore'
import { settledWithin } from '../../runtime/wait.ts'
import type { FirestoreAccess } from '../../settings/sinks.ts'
import type { HandedListen, SinkTarget } from '../sink/target.ts'
import { COLLECTIONS, documentId, eventDocument, eventId } from './documents.ts'
import { makeOnce } from './once.ts'
import { createRequests, type Requests } from './requests.ts'
import { writeSongs } from './songs.ts'
import { firestoreTrouble } from './trouble.ts'

/** Documents per request. */
const BATCH = 250
/** Concurrent requests. */
const CONCURRENCY = 4
/** Names remembered as written. */
const REMEMBERED = 100_000
/** Time limit for closing a client. */
const CLOSE_MS = 1_000

/** A client and its requests. */
export interface Opened {
  firestore: Firestore
  requests: Requests
}

/** Firestore as a target. Google's library loads when it is first opened. */
export function createFirestore(access: FirestoreAccess): SinkTarget {
  let opened: Opened | null = null
  /** Paths of documents that are known to exist. */
  const written = new Set<string>()

  async function close(): Promise<void> {
    if (opened === null) return
    const { firestore, requests } = opened
    opened = null
    // Closing a client before its requests end causes rejections that cannot be caught.
    const ended = requests.settled().then(() => firestore.terminate())
    await settledWithin(CLOSE_MS, ended)
  }

  async function writeNames(
    { firestore, requests }: Opened,
    listens: readonly HandedListen[],
  ): Promise<void> {
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
      // Merging keeps fields that others have written.
      for (const { ref, name } of some) batch.set(ref, { name }, { merge: true })
      await requests.ask(batch.commit())
    })
    for (const path of found.keys()) written.add(path)
  }

  async function writeEvents(
    { firestore, requests }: Opened,
    listens: readonly HandedListen[],
  ): Promise<void> {
    const events = firestore.collection(COLLECTIONS.events)
    const plain = listens.filter(({ onceKey }) => onceKey === '')
    await inBatches(plain, async (some) => {
      const batch = firestore.batch()
      for (const handed of some) batch.set(events.doc(eventId(handed)), eventDocument(handed))
      await requests.ask(batch.commit())
    })
    // The first record of a once key counts, as in the store. There are few.
    for (const handed of listens)
      if (handed.onceKey !== '')
        await requests.ask(makeOnce(events.doc(eventId(handed)), eventDocument(handed)))
  }

  return {
    name: 'firestore',
    async open() {
      await close()
      written.clear()
      const { default: google } = await import('@google-cloud/firestore')
      const { project, database, emulator } = access
      // Checked first, because the client's own check causes a rejection that cannot be caught.
      if (emulator === null) await new google.v1.FirestoreClient().auth.getClient()
      const firestore = new google.Firestore({
        databaseId: database,
        ...(project === null ? {} : { projectId: project }),
        ...(emulator === null ? {} : { host: emulator, ssl: false }),
      })
      opened = { firestore, requests: createRequests() }
      return await identityOf(opened)
    },
    async write(listens) {
      if (opened === null) throw new Error('Firestore was not opened')
      if (written.size > REMEMBERED) written.clear()
      await writeNames(opened, listens)
      await writeSongs(opened, listens, written)
      await writeEvents(opened, listens)
    },
    troubleOf: (error) => firestoreTrouble(error, access),
    close,
  }
}

async function identityOf({ firestore, requests }: Opened): Promise<string> {
  const ref = firestore.collection(COLLECTIONS.sink).doc('sink')
  const id = randomUUID()
  if (await requests.ask(makeOnce(ref, { id }))) return id
  return String((await requests.ask(ref.get())).data()?.['id'])
}

/** Writes documents in several concurrent requests of a size that Firestore accepts. */
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
