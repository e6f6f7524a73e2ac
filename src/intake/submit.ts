import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { ONCE_HEADER } from '../kafka/once.ts'
import type { OutgoingRecord, TopicProducer } from '../kafka/producer.ts'
import { cloudEventHeaders } from '../listen/cloud-event.ts'
import { decodeListen } from '../listen/decode.ts'
import { encodeListen } from '../listen/encode.ts'
import { listenKey } from '../listen/key.ts'
import type { Listen } from '../listen/listen.ts'
import { listenId } from '../listen/listen-id.ts'
import type { StoredListen } from '../listen/stored.ts'
import { Failure } from '../runtime/failure.ts'
import type { Lineages } from '../store/known-lineages.ts'
import type { Store } from '../store/store.ts'
import { complete } from './complete.ts'
import { createIdempotency, type Repeatable } from './idempotency.ts'
import { KEY_REUSED, type Outcome } from './outcome.ts'
import { withPatience } from './patience.ts'

/** One listen as its sender wrote it. */
export interface Submission {
  /** The event as JSON, UTF-8; `user_id`, `track_id` and `timestamp` may be missing. */
  value: Buffer
  /** A repeat with the same key and event gets the first outcome. Null: each submission counts. */
  key: string | null
}

/** The door through which a batch arrives. */
export interface Origin {
  /** Distinguishes the keys of this door from those of others; part of the once keys, so it never changes. */
  name: string
  /** The source of its CloudEvents, such as `/playhead/api`. */
  source: string
}

/**
 * Sends a batch of listens to the topic in one produce request with acks=all.
 * @returns one outcome per submission, in the same order
 */
export type Submit = (batch: readonly Submission[], origin: Origin) => Promise<Outcome[]>

export interface SubmitOptions {
  store: Store
  producer: Pick<TopicProducer, 'send'>
  /** The ids under which records of the topic are stored. */
  lineages: () => Promise<Pick<Lineages, 'idOf'>>
  /** The listens that the store has under these once keys, by key. */
  storedOnce: (keys: readonly string[]) => Promise<Map<string, StoredListen>>
  /** Whether records have the headers of CloudEvents. */
  cloudEvents: boolean
  log: Pick<Logger, 'warn' | 'debug'>
}

/** A submission that is a listen. */
interface Judged extends Repeatable {
  listen: Listen
  /** Whether the sender gave the time; a time that was filled in differs at each repeat. */
  timed: boolean
  onceKey: string | null
}

/** The one way in for listens that this process accepts itself: the API's form, players and imports. */
export function createSubmit(options: SubmitOptions): Submit {
  const { store, producer, lineages, storedOnce, cloudEvents, log } = options
  const idempotency = createIdempotency(store, log)

  function recordOf({ listen, onceKey }: Judged, { source }: Origin): OutgoingRecord {
    // A repeat is the same event, so it has the same CloudEvents id.
    const headers = cloudEvents
      ? cloudEventHeaders(listen, source, onceKey ?? undefined)
      : new Map<string, Buffer>()
    if (onceKey !== null) headers.set(ONCE_HEADER, Buffer.from(onceKey))
    return {
      key: listenKey(listen),
      value: encodeListen(listen),
      ...(headers.size === 0 ? {} : { headers }),
    }
  }

  async function send(batch: readonly Judged[], origin: Origin): Promise<Outcome[]> {
    if (batch.length === 0) return []
    try {
      // Asked first: once Kafka has the listens, nothing may fail any more.
      const { idOf } = await lineages()
      const placed = await producer.send(batch.map((one) => recordOf(one, origin)))
      return batch.map(({ listen, onceKey }, index) => {
        const place = placed[index]
        if (place === undefined) throw new Error('Kafka acknowledged a listen without its place')
        log.debug({ ...place, ...(onceKey === null ? {} : { once: onceKey }) }, 'listen acknowledged')
        return {
          kind: 'accepted',
          id: listenId(idOf(place.partition), place.partition, place.offset),
          listen,
        }
      })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const { code, message } = error
      return batch.map(() => ({ kind: 'unavailable', code, message }))
    }
  }

  /** Sends what the store does not have yet: the answer to a submission may be lost in a crash, or older than a day. */
  async function sendNew(batch: readonly Judged[], origin: Origin): Promise<Outcome[]> {
    const keys = batch.flatMap(({ onceKey }) => onceKey ?? [])
    const stored =
      keys.length === 0
        ? new Map<string, StoredListen>()
        : await withPatience(storedOnce(keys)).catch(() => new Map<string, StoredListen>())
    const isNew = ({ onceKey }: Judged) => onceKey === null || !stored.has(onceKey)
    const sent = (await send(batch.filter(isNew), origin)).values()
    return batch.flatMap((one) => {
      const known = stored.get(one.onceKey ?? '')
      if (known === undefined) return sent.next().value ?? []
      return isSame(one, known) ? { kind: 'accepted', id: known.id, listen: known } : KEY_REUSED
    })
  }

  return async (batch, origin) => {
    const now = Date.now()
    const judged = batch.map((submission) => judge(submission, origin, now))
    const valid = judged.filter((one): one is Judged => !('kind' in one))
    const outcomes = (await idempotency.run(valid, (firsts) => sendNew(firsts, origin))).values()
    return judged.flatMap((one) => ('kind' in one ? one : (outcomes.next().value ?? [])))
  }
}

/** Judges a submission by the topic's rules. */
function judge({ value, key }: Submission, origin: Origin, now: number): Judged | Outcome {
  let hash = ''
  let timed = false
  const decoded = decodeListen(value, now, (event) => {
    hash = key === null ? '' : digest(event, value)
    timed = Object.hasOwn(event, 'timestamp')
    complete(event, now)
  })
  if (!decoded.ok) {
    const { reason: code, field, message } = decoded
    return { kind: 'refused', code, field, message }
  }
  const onceKey = key === null ? null : `${origin.name}/${key}`
  return { listen: decoded.listen, timed, hash, key: key === null ? null : keptKey(origin, key), onceKey }
}

/**
 * The key under which an outcome is kept. Keys of POST have been kept without their origin from the beginning; they
 * contain no space, so they differ from those of other doors.
 */
function keptKey({ name }: Origin, key: string): string {
  return name === 'post' ? key : `${name} ${key}`
}

/** A digest of an event that does not depend on white space. */
function digest(event: Record<string, unknown>, value: Buffer): string {
  let content: string | Buffer
  try {
    content = JSON.stringify(event)
  } catch {
    // JSON.stringify is recursive and JSON.parse is not, so an event can be too deep to be written.
    content = value
  }
  return createHash('sha256').update(content).digest('base64')
}

/** Whether the store has the listen that was sent. */
function isSame({ listen, timed }: Judged, stored: StoredListen): boolean {
  const fields = Object.keys(listen) as (keyof Listen)[]
  return fields.every((field) =>
    field === 'timestamp'
      ? // The store keeps milliseconds.
        !timed || Math.abs(listen.timestamp - stored.timestamp) < 0.001
      : isDeepStrictEqual(listen[field], stored[field]),
  )
}
