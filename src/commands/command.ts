import type { Config } from '../settings/config.ts'

/** A flag of one command, for `parseArgs` of node:util. */
export interface Flag {
  type: 'string' | 'boolean'
  help: string
}

/** One command of `playhead`. */
export interface Command {
  /** What the command does, in one line. */
  summary: string
  /** Words that may follow the command's name; the first is the default. */
  words?: readonly string[]
  /** Flags besides the settings. */
  flags?: Record<string, Flag>
  /**
   * Runs the command until it is done or `signal` aborts.
   * @returns the exit code
   * @throws Failure for an error that the user can fix
   */
  run(
    config: Config,
    flags: Record<string, string | boolean | undefined>,
    signal: AbortSignal,
    word?: string,
  ): Promise<number>
}
