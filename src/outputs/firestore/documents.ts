import { createHash } from 'node:crypto'
import { EXTRA_FIELDS, type Field } from '../../listen/fields.ts'
import type { HandedListen } from '../sink/target.ts'

/** Names of the collections. */
export const COLLECTIONS = {
  events: 'stream_events',
  songs: 'songs',
  platforms: 'platforms',
  moods: 'moods',
  genres: 'genres',
  /** Identity of the database, which names the consumer group. */
  sink: 'playhead',
} as const

/** Firestore's limit for a document id, in bytes of UTF-8. */
const MAX_ID_BYTES = 1_500

/**
 * The document id for a text: the text itself if Firestore allows it. Otherwise it is percent-encoded:
 * the slash, the names `.` and `..`, names between double underscores, and a percent sign that looks
 * like an escape. A text that is too long keeps its beginning and ends in a hash of the whole text.
 */
export function documentId(text: string): string {
  const escaped = text
    .replace(/%(?=2F|25|2E|5F)/g, '%25')
    .replaceAll('/', '%2F')
    .replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'))
    .replace(/^__(?=.*__$)/s, '%5F%5F')
  if (Buffer.byteLength(escaped) <= MAX_ID_BYTES) return escaped
  const hash = createHash('sha256').update(text).digest('hex')
  // Cutting inside a character leaves a replacement character; the hash still makes the id unique.
  return `${Buffer.from(escaped).subarray(0, 1_400).toString()}-${hash}`
}

/**
 * The document id of a listen: its position in Kafka or its once key, so that repeats overwrite it.
 * Four digits of a hash come first, because Firestore is slow for sequential ids.
 */
export function eventId({ id, onceKey }: HandedListen): string {
  const place = onceKey === '' ? id.replaceAll('/', '-') : `once-${sha256(onceKey).slice(0, 40)}`
  return `${sha256(place).slice(0, 4)}-${place}`
}

/** The document of a listen: the event with the topic's own fields and types, and its place there. */
export function eventDocument({ listen, partition, offset }: HandedListen): Record<string, unknown> {
  const document: Record<string, unknown> = { ...listen, location: { ...listen.location }, partition, offset }
  for (const { path } of EXTRA_FIELDS as readonly Field[]) if (document[path] === '') delete document[path]
  return document
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
