import type { StoredListen } from '../../../src/listen/stored.ts'
import type { LiveBatch } from '../api/answers.ts'

export interface ArrivalsState {
  /** Arrived listens that the table shows above (and between) its loaded pages. */
  shown: readonly StoredListen[]
  /** How many arrived that the table does not show yet. */
  heldCount: number
  /** More arrive than the feed sends: what is shown is a sample until the table is asked for again. */
  sampled: boolean
  /** Some that arrived are not here at all: only asking for the table again can show them. */
  incomplete: boolean
  /** Goes up with everything that happened, so that others can tell. */
  changes: number
}

export interface Arrivals {
  receive(batch: LiveBatch): void
  /** So many were missed, as far as is known. */
  lose(missed: number): void
  /** Whether what arrives from now on is held back rather than shown. */
  hold(holding: boolean): void
  /** Shows what was held. False where that cannot be complete, so that the table must be asked for again. */
  release(): boolean
  /** Marks the moment before the table is asked for; {@link settle} forgets what that answer covers. */
  mark(): number
  settle(mark: number): void
  arrivedAt(id: string): number | undefined
  noteNew(ids: readonly string[]): void
  getState(): ArrivalsState
  subscribe(onChange: () => void): () => void
  /** Forgets everything: another view begins. */
  reset(): void
}

/** At most four updates of the page a second, however many batches come. */
const UPDATE_MS = 250
/** Beyond these the oldest go: the table is asked for again long before, or on release. */
const MAX_SHOWN = 1_000
const MAX_HELD = 400
/** How long the table remembers that a row is new; longer than the mark of a new row fades. */
const FRESH_MS = 10_000
/** Where so many are new at once, all are: then marking them says nothing. */
const MANY_NEW = 30
/** A sample is said to be one for a while, so that it does not come and go with every batch. */
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
