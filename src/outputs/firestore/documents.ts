import { createHash } from 'node:crypto'
import type { HandedListen } from '../sink/target.ts'

/** The collections, by what they hold. */
export const COLLECTIONS = {
  events: 'stream_events',
  songs: 'songs',
  platforms: 'platforms',
  moods: 'moods',
  genres: 'genres',
  /** What names the consumer group that fills the database. */
  sink: 'playhead',
} as const

/** Firestore's limit of a document's id, in bytes of UTF-8. */
const MAX_ID_BYTES = 1_500

/**
 * A text as the id of a document, itself wherever Firestore allows it. What it forbids is escaped as in an address: the
 * slash, the names `.` and `..`, those between double underscores, and the percent sign where something could be mistaken for an escape.
 * Of what is too long the beginning stays, with a hash of all of it.
 */
export function documentId(text: string): string {
  const escaped = text
    .replace(/%(?=2F|25|2E|5F)/g, '%25')
    .replaceAll('/', '%2F')
    .replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'))
    .replace(/^__(?=.*__$)/s, '%5F%5F')
  if (Buffer.byteLength(escaped) <= MAX_ID_BYTES) return escaped
  const hash = createHash('sha256').update(text).digest('hex')
  // A cut inside a character leaves a replacement character, which is as good as any other.
  return `${Buffer.from(escaped).subarray(0, 1_400).toString()}-${hash}`
}

/**
 * The id of a listen's document: its place in Kafka or its once key, so that it is written once however often it is sent.
 * Four digits of a hash come first, because Firestore slows down where ids that follow each other are written.
 */
export function eventId({ id, onceKey }: HandedListen): string {
  const place = onceKey === '' ? id.replaceAll('/', '-') : `once-${sha256(onceKey).slice(0, 40)}`
  return `${sha256(place).slice(0, 4)}-${place}`
}

/** The document of a listen: the event in the topic's own fields and types, and where it stands there. */
export function eventDocument({ listen, partition, offset }: HandedListen): Record<string, unknown> {
  return { ...listen, location: { ...listen.location }, partition, offset }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
