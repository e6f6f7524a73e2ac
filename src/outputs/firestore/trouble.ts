import type { FirestoreAccess } from '../../settings/sinks.ts'
import type { Trouble } from '../sink/target.ts'

/** gRPC codes. */
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

/** Explains an error of Google's library. Its message may quote documents, so it is not shown. */
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
  if (/project id/i.test(message))
    return failed('The Google Cloud project is unknown. Set FIRESTORE_PROJECT.')
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
      : 'Check that it runs, and check FIRESTORE_EMULATOR_HOST'
  return waiting(`${where} does not accept listens (${name}). ${check}; listens wait in Kafka until it does.`)
}

const failed = (detail: string): Trouble => ({ state: 'failed', detail })
const waiting = (detail: string): Trouble => ({ state: 'waiting', detail })
