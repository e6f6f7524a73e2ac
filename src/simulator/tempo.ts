/** Events per second from a moment on, and until when. Moments are milliseconds since 1970. */
export type Rate = (at: number) => { perSecond: number; until: number }

/** The times of events. */
export interface Tempo {
  /** Time of the next event; infinity if there is none. */
  due(): number
  /** Advances by one event. @returns time of the event that was due */
  take(): number
  /** Skips events up to a moment. @returns number of skipped events */
  skip(upTo: number): number
  /** Restarts at a moment, with an event at once, after the time or the rate has changed. */
  restart(at: number): void
}

/**
 * Evenly spaced events at a rate that can change; the first one at the start. Times follow from the
 * number of events, not from adding distances, so there is no drift.
 * @param start milliseconds since 1970
 */
export function createTempo(start: number, rate: Rate): Tempo {
  let from = 0
  let until = 0
  let perMillisecond = 0
  /** Events since `from`, including the fraction left from the previous period. */
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
