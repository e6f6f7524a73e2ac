import type { DocumentReference } from '@google-cloud/firestore'

/** gRPC's code for what is there already. */
const ALREADY_EXISTS = 6

/** Makes a document unless it is there. @returns whether it was absent */
export async function makeOnce(ref: DocumentReference, data: Record<string, unknown>): Promise<boolean> {
  try {
    await ref.create(data)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error
    return false
  }
}
