import type { Config } from '../settings/config.ts'

/** A flag of one command, in the shape that `parseArgs` of node:util takes. */
export interface Flag {
  type: 'string' | 'boolean'
  help: string
}

/** One command of `playhead`. */
export interface Command {
  /** One line of what it does. */
  summary: string
  /** Words of which one follows the name of the command; the first where none does. */
  words?: readonly string[]
  /** Flags of its own, besides the settings. */
  flags?: Record<string, Flag>
  /**
   * Runs it until it is done or `signal` stops it.
   * @returns the exit code
   * @throws Failure for what the person can mend
   */
  run(
    config: Config,
    flags: Record<string, string | boolean | undefined>,
    signal: AbortSignal,
    word?: string,
  ): Promise<number>
}
