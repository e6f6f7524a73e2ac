import type { Logger } from 'pino'
import { countryKey } from '../countries/country.ts'
import { matchOf } from '../listen/match.ts'
import type { StoredListen } from '../listen/stored.ts'
import type { Filter } from '../questions/filter.ts'
import type { ListenSource } from '../questions/listen-source.ts'
import { readableBy, type Scope, scopeKey } from '../questions/scope.ts'
import { askStoredBetween, askStoredEnds } from '../questions/stored-after.ts'
import { encodePosition, type LivePosition } from './live-position.ts'

/** What one reader of the feed is to be told. */
export type LiveEvent =
  | { event: 'hello'; data: Record<string, never> }
  | { event: 'listens'; id: string; data: { listens: StoredListen[]; stored: number; sampled: boolean } }
  | { event: 'gap'; id: string; data: { missed: number } }

/** Somebody who follows the feed. */
export interface Reader {
  /** Whose listens it may be sent. */
  scope: Scope
  filter: Filter
  /** Takes one event as it goes over the wire; readers who get the same share its bytes. */
  write(bytes: Buffer): void
}

export interface LiveFeed {
  /**
   * Begins to send what is stored from now on.
   * @param seen where the reader was before; what was stored since comes first
   * @returns ends it
   */
  follow(reader: Reader, seen: LivePosition | null): () => void
  /** Says that something was stored, so that the feed looks at once. */
  wake(): void
  readonly readers: number
  close(): Promise<void>
}

/** The least time between two frames: the eye follows no more than a few a second. */
const FRAME_MS = 200
/** How often to look when nobody says that something was stored. */
const LOOK_MS = 500
/** Rows looked at for a frame; at more than this a frame the feed is a sample. */
const FRAME_ROWS = 2_000
/** Rows that one reader is sent a frame. */
const SENT_ROWS = 200
/**
 * Rows carry the time at which their INSERT began, by the clock of who sent it: hardly ever this much before the last frame's.
 * Longer would have all that was stored meanwhile looked at for each frame; where rows are missing that is done.
 */
const LATE_MS = 10_000

/** Writes an event in the format of server-sent events (WHATWG HTML, section 9.2). */
export function eventBytes(message: LiveEvent): Buffer {
  const id = 'id' in message ? `id: ${message.id}\n` : ''
  return Buffer.from(`${id}event: ${message.event}\ndata: ${JSON.stringify(message.data)}\n\n`)
}

/** Those listens that a reader may read and wants. */
function passedTo({ scope, filter }: Reader, listens: readonly StoredListen[]): StoredListen[] {
  return readableBy(scope, listens).filter(matchOf(filter, { country: countryKey }))
}

/**
 * Follows the store and sends each reader what was just stored and passes its filter. It reads the store and not the
 * pipeline, so that it never shows what is not stored, and works the same where the pipeline is another process.
 * @param options.listens those of everyone: each frame is read once, and each reader is sent what its scope may read
 */
export function createLiveFeed({ listens: all, log }: { listens: ListenSource; log: Logger }): LiveFeed {
  const readers = new Set<Reader>()
  let position: LivePosition | null = null
  let closed = false
  let nudge: () => void = () => {}
  let nudged = false

  /** Reads the rows of the next frame and moves the position. */
  async function nextFrame(): Promise<{ listens: StoredListen[]; total: number } | null> {
    const now = Date.now()
    if (position === null) return null
    const ends = await askStoredEnds(all)
    const total = ends.rows - position.rows
    if (total === 0) return null
    const { since } = position
    const listens = await askStoredBetween(all, { from: position, to: ends, since, limit: FRAME_ROWS })
    position = { since: now - LATE_MS, ...ends }
    return { listens, total }
  }

  function send({ listens, total }: { listens: StoredListen[]; total: number }, id: string): void {
    if (log.isLevelEnabled('debug'))
      for (const { partition, offset } of listens)
        log.debug({ partition, offset }, 'listen sent to live readers')
    // Readers with the same scope and filter share one event, so that many who are slow hold it in memory once.
    const events = new Map<string, Buffer | null>()
    const whole = listens.length < FRAME_ROWS
    for (const reader of readers) {
      const key = JSON.stringify([scopeKey(reader.scope), reader.filter])
      let event = events.get(key)
      if (event === undefined) {
        const passed = passedTo(reader, listens)
        const stored = whole ? passed.length : Math.round((total * passed.length) / listens.length)
        const sent = passed.slice(0, SENT_ROWS)
        event =
          stored === 0
            ? null
            : eventBytes({
                event: 'listens',
                id,
                data: { listens: sent, stored, sampled: stored > sent.length },
              })
        events.set(key, event)
      }
      if (event !== null) reader.write(event)
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      const started = performance.now()
      try {
        // With nobody watching there is nothing to follow; the next reader begins at the end of that time.
        if (readers.size === 0) position = null
        else {
          const frame = await nextFrame()
          if (frame !== null && position !== null) send(frame, encodePosition(position))
        }
      } catch (error) {
        log.warn(
          { reason: error instanceof Error ? error.message.slice(0, 200) : '' },
          'live feed interrupted',
        )
      }
      await rest(Math.max(0, FRAME_MS - (performance.now() - started)))
    }
  }

  async function rest(atLeast: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, atLeast))
    if (nudged || closed) {
      nudged = false
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const limit = setTimeout(resolve, LOOK_MS)
    nudge = resolve
    await promise
    clearTimeout(limit)
    nudged = false
  }

  async function catchUp(reader: Reader, seen: LivePosition): Promise<void> {
    const ends = await askStoredEnds(all)
    const missed = ends.rows - seen.rows
    if (missed <= 0) return
    const id = encodePosition({ since: Date.now() - LATE_MS, ...ends })
    if (missed > FRAME_ROWS) {
      reader.write(eventBytes({ event: 'gap', id, data: { missed } }))
      return
    }
    const { since } = seen
    const stored = await askStoredBetween(all, { from: seen, to: ends, since, limit: FRAME_ROWS })
    const listens = passedTo(reader, stored)
    if (listens.length > 0)
      reader.write(
        eventBytes({ event: 'listens', id, data: { listens, stored: listens.length, sampled: false } }),
      )
  }

  /** Greets a reader once whatever is stored from now on will reach it. */
  async function begin(reader: Reader, seen: LivePosition | null, left: () => boolean): Promise<void> {
    if (position === null) {
      const ends = await askStoredEnds(all)
      position ??= { since: Date.now() - LATE_MS, ...ends }
    }
    if (left()) return
    // Joining before catching up may send a listen twice, after it may miss one; the page knows listens by their id.
    readers.add(reader)
    reader.write(eventBytes({ event: 'hello', data: {} }))
    if (seen !== null) await catchUp(reader, seen)
  }

  const running = run()
  return {
    follow(reader, seen) {
      let left = false
      begin(reader, seen, () => left).catch((error) =>
        log.warn(
          { reason: error instanceof Error ? error.message.slice(0, 200) : '' },
          'a reader was not served',
        ),
      )
      return () => {
        left = true
        readers.delete(reader)
      }
    },
    wake() {
      nudged = true
      nudge()
    },
    get readers() {
      return readers.size
    },
    async close() {
      closed = true
      nudge()
      await running
    },
  }
}
