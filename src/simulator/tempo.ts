/** How many events a second there are from a moment on, and until when that holds. Moments are milliseconds since 1970. */
export type Rate = (at: number) => { perSecond: number; until: number }

/** The moments at which events happen. */
export interface Tempo {
  /** When the next event happens; infinity while there is none. */
  due(): number
  /** Goes on to the event after it. @returns when the one that was due happens */
  take(): number
  /** Leaves out all that happen up to a moment. @returns how many */
  skip(upTo: number): number
  /** Begins again at another moment, with an event at once: time has jumped, or the rate has changed. */
  restart(at: number): void
}

/**
 * Events at even distances, as a rate that changes from time to time asks for; the first one at the start. Each moment
 * follows from how many came before it, not from adding up distances, so there is no drift.
 * @param start milliseconds since 1970
 */
export function createTempo(start: number, rate: Rate): Tempo {
  let from = 0
  let until = 0
  let perMillisecond = 0
  /** Events since `from`, and the part of one that the stretch before left over. */
  let events = 0

  function stretch(at: number, left: number): void {
    const next = rate(at)
    from = at
    until = next.until
    perMillisecond = next.perSecond / 1000
    events = left
  }

  function due(): number {
    for (;;) {
      const at = perMillisecond > 0 ? from + events / perMillisecond : Number.POSITIVE_INFINITY
      if (at < until || until === Number.POSITIVE_INFINITY) return at
      stretch(until, events - (until - from) * perMillisecond)
    }
  }

  stretch(start, 0)
  return {
    due,
    take() {
      const at = due()
      events++
      return at
    },
    skip(upTo) {
      let left = 0
      while (due() <= upTo) {
        const end = Math.min(upTo, until)
        const skipped = Math.max(1, Math.floor((end - from) * perMillisecond - events) + 1)
        events += skipped
        left += skipped
      }
      return left
    },
    restart: (at) => stretch(at, 0),
  }
}
