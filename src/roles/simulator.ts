import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { Song } from '../catalogue/song.ts'
import { cloudEventHeaders } from '../listen/cloud-event.ts'
import { wait } from '../runtime/wait.ts'
import { createSimulatorControl, type SimulatorControl } from '../simulator/control.ts'
import { createFaults, type FaultShares, NO_FAULTS, type SimulatedRecord } from '../simulator/faults.ts'
import { type Choices, createListeners } from '../simulator/listener.ts'
import { keepPace, type Paced } from '../simulator/pace.ts'
import { createRhythm } from '../simulator/rhythm.ts'
import { isIn, type Slice } from '../simulator/slice.ts'
import { type Spike, withSpike } from '../simulator/spike.ts'
import { createTempo, type Rate } from '../simulator/tempo.ts'
import { withTide } from '../simulator/tide.ts'
import { createTraffic } from '../simulator/traffic.ts'

export interface SimulatorOptions {
  /** Where the records go; resolves when they are there for good. */
  producer: { send(records: readonly SimulatedRecord[]): Promise<unknown> }
  songs: () => readonly Song[]
  choices: Choices
  /** Events a second, of the whole crowd; of {@link control} where one is given. */
  rate: number
  /** Changes profile and rate while it runs. */
  control?: SimulatorControl
  /** The same seed plays the same events; without one the people stay the same and the plays differ. */
  seed?: number
  listeners?: number
  /** Stop after so many records. */
  count?: number
  /**
   * A past to play at full speed before it goes on now, in milliseconds since 1970. Without `to` it reaches up to now; with
   * `live` false nothing follows.
   */
  past?: { from: number; to?: number; live?: boolean }
  spike?: Spike
  faults?: FaultShares
  /** Whether the records bear the headers of CloudEvents. */
  cloudEvents?: boolean
  /** Plays the listeners of this slice of the crowd alone. */
  slice?: Slice
  onSent?: (sent: number) => void
  log: Logger
}

/** The people of an unseeded crowd, so that they are the same after every restart. */
const CROWD_SEED = 2025
const CROWD = 1_000
const EVENT_SOURCE = '/playhead/simulator'
const RETRY_MS = 1_000
const SAYS_BEHIND_MS = 10_000

/**
 * Plays a crowd into the topic until it is stopped or has played enough. A broker that is away is waited for: events
 * that it did not acknowledge are not counted and the crowd goes on when it is back.
 * @throws Failure KAFKA_UNAVAILABLE only where a `count` was asked for and could not be reached
 */
export async function simulate(options: SimulatorOptions, signal: AbortSignal): Promise<Paced> {
  const { producer, songs, past, spike, slice, log } = options
  const control = options.control ?? createSimulatorControl('everyday', options.rate)
  // Those who share a crowd must agree on who plays what.
  const seed = options.seed ?? (slice === undefined ? randomInt(2 ** 31) : CROWD_SEED)
  const artists = [...new Set(songs().map(({ artist }) => artist))]
  const listeners = createListeners(options.seed ?? CROWD_SEED, options.listeners ?? CROWD, {
    artists,
    ...options.choices,
  })
  const startedAt = Date.now()
  const start = past?.from ?? startedAt
  const tempo = createTempo(start, rateOf())
  control.onChange(() => tempo.restart(Math.max(start, Date.now())))
  let at = start
  const traffic = createTraffic({ seed, listeners, songs, now: () => at, profile: () => control.profile() })
  const faults = createFaults(
    seed,
    options.faults ?? NO_FAULTS,
    options.cloudEvents === true ? { headersOf: (listen) => cloudEventHeaders(listen, EVENT_SOURCE) } : {},
  )
  let sent = 0

  function rateOf(): Rate {
    const asked: Rate = () => ({ perSecond: control.rate(), until: Number.POSITIVE_INFINITY })
    // Live, people expect the rate that they asked for; in a past of weeks they expect days and nights.
    const flowing = past === undefined ? asked : withTide(asked, createRhythm(), listeners, startedAt)
    return spike === undefined ? flowing : withSpike(flowing, spike, start)
  }

  async function send(records: SimulatedRecord[], live: boolean): Promise<void> {
    for (;;) {
      try {
        await producer.send(records)
        break
      } catch (error) {
        if (options.count !== undefined) throw error
        log.warn(
          { reason: error instanceof Error ? error.message : String(error) },
          'the simulator waits for Kafka',
        )
        await wait(RETRY_MS, signal)
        // Of the past nothing is left out; what was to be seen live is over.
        if (live || signal.aborted) return
      }
    }
    sent += records.length
    control.note(records.length)
    options.onSent?.(sent)
  }

  const paced = await keepPace<SimulatedRecord>({
    tempo,
    ...(past === undefined
      ? {}
      : {
          past: {
            until: past.to ?? (past.live === false ? startedAt : Number.POSITIVE_INFINITY),
            thenLive: past.live ?? true,
          },
        }),
    ...(options.count === undefined ? {} : { count: options.count }),
    signal,
    make(moment, batch) {
      at = moment
      const listen = traffic.next()
      faults.pass(listen, moment, slice === undefined || isIn(slice, listen.user_id), batch)
    },
    send,
    onBehind: sayBehind(log),
  })
  if (options.count !== undefined) return paced
  const held: SimulatedRecord[] = []
  faults.rest(held)
  if (held.length > 0) await send(held, true)
  return { ...paced, sent: paced.sent + held.length }
}

/** Says how many events were left out: at once, and then now and then, because a flood leaves some out with each batch. */
function sayBehind(log: Logger): (left: number) => void {
  let untold = 0
  let toldAt = Number.NEGATIVE_INFINITY
  return (left) => {
    untold += left
    if (performance.now() - toldAt < SAYS_BEHIND_MS) return
    log.warn({ left: untold }, 'the simulator could not keep up and left events out')
    untold = 0
    toldAt = performance.now()
  }
}
