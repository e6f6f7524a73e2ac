import type { StoredListen } from '../../../src/listen/stored.ts'
import type { LiveBatch } from '../api/answers.ts'

export interface ArrivalsState {
  /** Arrived listens that the table shows above and between its loaded pages. */
  shown: readonly StoredListen[]
  /** Number of arrived listens that the table does not show yet. */
  heldCount: number
  /** More arrive than the feed sends: what is shown is a sample until the table is asked for again. */
  sampled: boolean
  /** Some arrived listens are missing here; only a reload of the table can show them. */
  incomplete: boolean
  /** Increases with every change, so that subscribers notice it. */
  changes: number
}

export interface Arrivals {
  receive(batch: LiveBatch): void
  /** Number of missed listens, if known. */
  lose(missed: number): void
  /** Whether new listens are held back instead of shown. */
  hold(holding: boolean): void
  /** Shows held listens. False when they are incomplete and the table must be reloaded. */
  release(): boolean
  /** Marks the moment before the table is asked for; {@link settle} forgets what that answer covers. */
  mark(): number
  settle(mark: number): void
  arrivedAt(id: string): number | undefined
  noteNew(ids: readonly string[]): void
  getState(): ArrivalsState
  subscribe(onChange: () => void): () => void
  /** Forgets everything, for another view. */
  reset(): void
}

/** At most four updates of the page per second, however many batches arrive. */
const UPDATE_MS = 250
/** Beyond this number the oldest are dropped; the table reloads long before that, or on release. */
const MAX_SHOWN = 1_000
const MAX_HELD = 400
/** How long the table remembers that a row is new; longer than the mark of a new row fades. */
const FRESH_MS = 10_000
/** From this number of new rows on, all are new and the mark has no meaning. */
const MANY_NEW = 30
/** Shows the sample notice for a while, so that it does not flicker with every batch. */
const SAMPLED_MS = 5_000

interface Arrival {
  listen: StoredListen
  at: number
}

/** What the live feed brought, between the feed and the table. Knows neither of them. */
export function createArrivals(now: () => number = () => performance.now()): Arrivals {
  let shown: Arrival[] = []
  let held: Arrival[] = []
  let waiting: LiveBatch[] = []
  let holding = false
  // Held listens that are counted but not here: left out of a sample, or dropped to keep memory small.
  let heldBeyond = 0
  let incomplete = false
  let sequence = 0
  let sampledAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  const fresh = new Map<string, number>()
  const listeners = new Set<() => void>()
  let state: ArrivalsState = { shown: [], heldCount: 0, sampled: false, incomplete: false, changes: 0 }

  function publish(change: Partial<ArrivalsState> = {}): void {
    state = {
      ...state,
      shown: shown.map((arrival) => arrival.listen),
      heldCount: held.length + heldBeyond,
      incomplete,
      ...change,
    }
    for (const listener of listeners) listener()
  }

  function noteNew(ids: readonly string[]): void {
    if (ids.length > MANY_NEW) return
    const moment = now()
    for (const [id, at] of fresh) if (moment - at > FRESH_MS) fresh.delete(id)
    for (const id of ids) if (!fresh.has(id)) fresh.set(id, moment)
  }

  function flush(): void {
    timer = undefined
    const batches = waiting
    waiting = []
    sequence += 1
    const known = new Set([...shown, ...held].map(({ listen }) => listen.id))
    const arrived = batches
      .flatMap((batch) => batch.listens)
      .filter((listen) => !known.has(listen.id))
      .map((listen) => ({ listen, at: sequence }))
    const left = batches.reduce((sum, batch) => sum + Math.max(0, batch.stored - batch.listens.length), 0)
    if (holding) {
      held = arrived.concat(held)
      heldBeyond += left + Math.max(0, held.length - MAX_HELD)
      held.length = Math.min(held.length, MAX_HELD)
    } else {
      noteNew(arrived.map(({ listen }) => listen.id))
      shown = arrived.concat(shown)
      incomplete ||= left > 0 || shown.length > MAX_SHOWN
      shown.length = Math.min(shown.length, MAX_SHOWN)
    }
    if (batches.some((batch) => batch.sampled)) sampledAt = now()
    publish({ sampled: now() - sampledAt < SAMPLED_MS, changes: state.changes + 1 })
  }

  return {
    receive(batch) {
      waiting.push(batch)
      timer ??= setTimeout(flush, UPDATE_MS)
    },
    lose(missed) {
      incomplete = true
      if (holding) heldBeyond += missed
      publish({ changes: state.changes + 1 })
    },
    hold(next) {
      holding = next
    },
    release() {
      if (heldBeyond > 0 || incomplete) return false
      if (held.length === 0) return true
      noteNew(held.map(({ listen }) => listen.id))
      shown = held.concat(shown).slice(0, MAX_SHOWN)
      held = []
      publish()
      return true
    },
    mark: () => sequence,
    settle(mark) {
      shown = shown.filter((arrival) => arrival.at > mark)
      held = held.filter((arrival) => arrival.at > mark)
      heldBeyond = 0
      incomplete = false
      publish()
    },
    arrivedAt: (id) => fresh.get(id),
    noteNew,
    getState: () => state,
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    reset() {
      clearTimeout(timer)
      timer = undefined
      waiting = []
      shown = []
      held = []
      heldBeyond = 0
      incomplete = false
      sampledAt = -Infinity
      publish({ sampled: false })
    },
  }
}
