import type { DocumentReference } from '@google-cloud/firestore'

/** gRPC code: already exists. */
const ALREADY_EXISTS = 6

/** Creates a document unless it exists. @returns whether it was created */
export async function makeOnce(ref: DocumentReference, data: Record<string, unknown>): Promise<boolean> {
  try {
    await ref.create(data)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error
    return false
  }
}
