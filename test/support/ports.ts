import { freePort as anyFreePort } from '../../src/port.ts'

/** A loopback port that nothing listens on, for a server that a test starts. */
export function freePort(): Promise<number> {
  return anyFreePort()
}
