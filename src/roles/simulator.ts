import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { Song } from '../catalogue/song.ts'
import type { TopicProducer } from '../kafka/producer.ts'
import { encodeListen } from '../listen/encode.ts'
import { listenKey } from '../listen/key.ts'
import type { Listen } from '../listen/listen.ts'
import { type Choices, createListeners } from '../simulator/listener.ts'
import { keepPace, type Paced } from '../simulator/pace.ts'
import { createTraffic } from '../simulator/traffic.ts'

export interface SimulatorOptions {
  producer: TopicProducer
  songs: () => readonly Song[]
  choices: Choices
  /** Events a second. */
  rate: number
  /** The same seed plays the same events; without one the people stay the same and the plays differ. */
  seed?: number
  listeners?: number
  /** Stop after so many events. */
  count?: number
  onSent?: (sent: number) => void
  log: Logger
}

/** The people of an unseeded crowd, so that they are the same after every restart. */
const CROWD_SEED = 2025
const CROWD = 1_000
const RETRY_MS = 1_000

/**
 * Plays a crowd into the topic until it is stopped or has played enough. A broker that is away is waited for: events
 * that it did not acknowledge are not counted and the crowd goes on when it is back.
 * @throws Failure KAFKA_UNAVAILABLE only where a `count` was asked for and could not be reached
 */
export async function simulate(options: SimulatorOptions, signal: AbortSignal): Promise<Paced> {
  const { producer, songs, choices, rate, log } = options
  const listeners = createListeners(options.seed ?? CROWD_SEED, options.listeners ?? CROWD, choices)
  const traffic = createTraffic({
    seed: options.seed ?? randomInt(2 ** 31),
    listeners,
    songs,
    now: () => Date.now(),
  })
  let sent = 0

  async function send(listens: Listen[]): Promise<void> {
    const records = listens.map((listen) => ({ key: listenKey(listen), value: encodeListen(listen) }))
    try {
      await producer.send(records)
    } catch (error) {
      if (options.count !== undefined) throw error
      log.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        'the simulator waits for Kafka',
      )
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      return
    }
    sent += listens.length
    options.onSent?.(sent)
  }

  return await keepPace({
    rate,
    ...(options.count === undefined ? {} : { count: options.count }),
    signal,
    next: () => traffic.next(),
    send,
    onBehind: (left) => log.warn({ left }, 'the simulator could not keep up and left events out'),
  })
}
