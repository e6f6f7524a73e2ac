/** How a system that listens are handed on to is doing, as whoever runs Playhead wants to know it. */
export interface SystemState {
  /** Unique, such as `cassandra`. */
  name: string
  /** What hands the listens on: a connector of Kafka Connect, a sink of our own, or the archive. */
  kind: 'connector' | 'sink' | 'archive'
  /** `waiting` goes on by itself as soon as it can; `failed` needs somebody. */
  state: 'starting' | 'running' | 'waiting' | 'failed'
  /** What is wrong and what to do; empty when nothing is. Never a secret. */
  detail: string
  /** Listens handed on since it was started; null where only the system itself counts them. */
  handed: number | null
  /** Listens that it has yet to get; null while that is unknown. */
  lag: number | null
}

/** One or more systems that run in this process or are looked after by it. */
export interface System {
  states(): readonly SystemState[]
  /** Hands on what is on its way, and ends. */
  stop(): Promise<void>
}
