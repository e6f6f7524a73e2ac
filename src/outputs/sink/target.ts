import type { Listen } from '../../listen/listen.ts'

/** A listen on its way to a system, and what tells it from every other one. */
export interface HandedListen {
  listen: Listen
  /** The record's place, `topic id/partition/offset`: what is written twice under it is written once. */
  id: string
  partition: number
  offset: number
  /** Of all records with the same once key only one is a listen; empty where a record bears none. */
  onceKey: string
}

/** What is wrong with a system, as a person is told. */
export interface Trouble {
  /** Whether time may heal it, or somebody has to do something. It is tried again in both cases. */
  state: 'waiting' | 'failed'
  /** What is wrong and what to do about it; never a secret, nor a producer's text. */
  detail: string
}

/** A system that listens are written to. After any error it is opened anew before it is written to again. */
export interface SinkTarget {
  name: string
  /**
   * Connects and makes what is absent there, having let go of whatever was open.
   * @returns what tells what is filled from any other, and from itself after it was emptied
   */
  open(): Promise<string>
  /**
   * Writes listens, in whatever order. Each replaces itself when it is written again.
   * @returns once the system has acknowledged all of them
   */
  write(listens: readonly HandedListen[]): Promise<void>
  /** Says what an error of the two above means. */
  troubleOf(error: unknown): Trouble
  close(): Promise<void>
}
