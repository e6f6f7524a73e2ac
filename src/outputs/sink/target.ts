import type { Listen } from '../../listen/listen.ts'

/** A listen to write, with its identity. */
export interface HandedListen {
  listen: Listen
  /** Position of the record, `topic id/partition/offset`. A repeated write replaces the first. */
  id: string
  partition: number
  offset: number
  /** Records with the same once key are one listen; empty without one. */
  onceKey: string
}

/** A problem of an output, for people. */
export interface Trouble {
  /** `waiting`: may pass by itself. `failed`: someone has to act. Both are retried. */
  state: 'waiting' | 'failed'
  /** What is wrong and what to do; never a secret or a producer's text. */
  detail: string
}

/** An output that a sink fills. After an error, it is opened again before the next write. */
export interface SinkTarget {
  name: string
  /**
   * Closes any open connection, connects, and creates absent tables.
   * @returns identity of the target; changes when the target is emptied
   */
  open(): Promise<string>
  /**
   * Writes listens, in any order. A repeated write of a listen replaces the first.
   * Resolves when all are acknowledged.
   */
  write(listens: readonly HandedListen[]): Promise<void>
  /** Explains an error of `open` or `write`. */
  troubleOf(error: unknown): Trouble
  close(): Promise<void>
}
