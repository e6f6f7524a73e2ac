import type { FirestoreAccess } from '../../settings/sinks.ts'
import type { Trouble } from '../sink/target.ts'

/** Codes of gRPC. */
const CODES = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
} as const

/** Says what an error of Google's library means. Its own messages may quote documents, so they are not passed on. */
export function firestoreTrouble(error: unknown, { project, database, emulator }: FirestoreAccess): Trouble {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  const name = CODES[code as keyof typeof CODES] ?? (typeof code === 'string' ? code : 'unknown error')
  const where = emulator === null ? 'Firestore' : `The Firestore emulator at ${emulator}`
  if (
    name === 'UNAUTHENTICATED' ||
    /credential|invalid_grant|private key|key file|is not a file/i.test(message)
  )
    return failed(
      "Firestore does not get credentials that it takes. Set GOOGLE_APPLICATION_CREDENTIALS to the JSON file of a service account, or log in with Google's tools.",
    )
  if (/project id/i.test(message)) return failed('It is not known which project: set FIRESTORE_PROJECT.')
  if (name === 'PERMISSION_DENIED')
    return failed(
      `${where} does not allow it in the project ${project ?? 'of the credentials'}. Give the account the role Cloud Datastore User, and check FIRESTORE_PROJECT.`,
    )
  if (name === 'NOT_FOUND')
    return failed(
      `${where} has no database ${database} in the project ${project ?? 'of the credentials'}. Make it, or set FIRESTORE_DATABASE or FIRESTORE_PROJECT.`,
    )
  if (name === 'RESOURCE_EXHAUSTED')
    return waiting(
      `${where} takes no more for now: the quota is used up. Raise it, or wait; listens wait in Kafka.`,
    )
  const check =
    emulator === null
      ? 'Check the network and the status of Google Cloud'
      : 'Check that it runs, and FIRESTORE_EMULATOR_HOST'
  return waiting(`${where} does not take listens (${name}). ${check}; listens wait in Kafka until it does.`)
}

const failed = (detail: string): Trouble => ({ state: 'failed', detail })
const waiting = (detail: string): Trouble => ({ state: 'waiting', detail })
