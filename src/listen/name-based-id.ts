import { createHash } from 'node:crypto'

// Fixed for good: with another namespace every listener and track would become a stranger to its own history.
const LISTENER_NAMESPACE = Buffer.from('7d1f0c5e93b44f0ea6c82d5b1e40a971', 'hex')
const TRACK_NAMESPACE = Buffer.from('c2a86e3417594d2b8f60b97a5d13e0f8', 'hex')

/** The same listener for the same name and e-mail, wherever they come from. The form is a UUID (RFC 9562, version 5). */
export function listenerId(name: string, email: string): string {
  return nameBasedId(LISTENER_NAMESPACE, [name, email])
}

/** The same track for the same title and artist, wherever they come from. The form is a UUID (RFC 9562, version 5). */
export function trackId(title: string, artist: string): string {
  return nameBasedId(TRACK_NAMESPACE, [title, artist])
}

function nameBasedId(namespace: Buffer, parts: readonly string[]): string {
  // As JSON, because joined by any separator ["a b", "c"] and ["a", "b c"] could become the same text.
  const name = JSON.stringify(parts.map(normal))
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What people take for the same text when they type it: case, spacing and the way accents are encoded do not count. */
export function normal(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
}
