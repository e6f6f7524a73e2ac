import { encodeListen } from '../listen/encode.ts'
import { listenKey } from '../listen/key.ts'
import type { Listen } from '../listen/listen.ts'
import { malformedValue } from './malformed.ts'
import { createQueue } from './queue.ts'
import { createRandom } from './random.ts'

/** Faults as shares of all events, from 0 to 1. */
export interface FaultShares {
  /** Sent ten minutes to two days after it was played. */
  late: number
  /** Sent twice. */
  duplicate: number
  /** Sent as a record that cannot be stored. */
  malformed: number
  /** Sent up to 30 seconds after newer events. */
  outOfOrder: number
}

export const NO_FAULTS: FaultShares = { late: 0, duplicate: 0, malformed: 0, outOfOrder: 0 }

/** A record to send. */
export interface SimulatedRecord {
  key: Buffer
  /** Null is a tombstone. */
  value: Buffer | null
  headers?: ReadonlyMap<string, Buffer>
}

export interface Faults {
  /**
   * Turns a listen into the records to send now: usually its own, and any that were held back.
   * @param at milliseconds since 1970
   * @param sends whether this simulator sends it; otherwise it only advances the random numbers
   */
  pass(listen: Listen, at: number, sends: boolean, batch: SimulatedRecord[]): void
  /** Records that are still held back. */
  rest(batch: SimulatedRecord[]): void
}

export interface FaultOptions {
  /** Headers of a valid record and its duplicate. */
  headersOf?: (listen: Listen) => ReadonlyMap<string, Buffer>
}

const SECOND = 1_000
const LEAST_LATE = 600
const MOST_LATE = 172_800
const LEAST_HELD = 2 * SECOND
const MOST_HELD = 30 * SECOND

/**
 * Adds faults to the events of a crowd. Each fault has its own random numbers, so that faults do not
 * affect each other, and simulators that share a crowd agree on all of them.
 */
export function createFaults(seed: number, shares: FaultShares, options: FaultOptions = {}): Faults {
  const late = createRandom(seed, 'late')
  const duplicate = createRandom(seed, 'duplicate')
  const malformed = createRandom(seed, 'malformed')
  const outOfOrder = createRandom(seed, 'out of order')
  const held = createQueue<SimulatedRecord>()

  return {
    pass(listen, at, sends, batch) {
      while (held.due() <= at) batch.push(held.take())
      let listened = listen
      if (shares.late > 0 && late.chance(shares.late))
        listened = {
          ...listen,
          timestamp: listen.timestamp - LEAST_LATE - late.below(MOST_LATE - LEAST_LATE),
        }
      const broken = shares.malformed > 0 && malformed.chance(shares.malformed)
      // All simulators of the crowd advance the random numbers in the same way.
      const value = broken ? malformedValue(listened, malformed) : sends ? encodeListen(listened) : null
      const twice = shares.duplicate > 0 && duplicate.chance(shares.duplicate)
      const holds = shares.outOfOrder > 0 && outOfOrder.chance(shares.outOfOrder)
      const hold = holds ? LEAST_HELD + outOfOrder.below(MOST_HELD - LEAST_HELD) : 0
      if (!sends) return

      const headers = broken ? undefined : options.headersOf?.(listened)
      const record = { key: listenKey(listen), value, ...(headers === undefined ? {} : { headers }) }
      for (let copy = twice ? 2 : 1; copy > 0; copy--) {
        if (holds) held.add(at + hold, record)
        else batch.push(record)
      }
    },
    rest(batch) {
      while (held.size > 0) batch.push(held.take())
    },
  }
}
