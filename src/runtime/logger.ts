import { type Logger, pino } from 'pino'

/** Structured logs on standard error, so that standard output stays for what a command is asked for. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }))
}
