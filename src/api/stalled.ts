import type { ServerResponse } from 'node:http'

/**
 * Breaks the connection of a reader that takes nothing for a while, so that what is held for it is freed.
 * @param patienceMs milliseconds without a byte sent
 */
export function dropWhenStalled(response: ServerResponse, patienceMs: number): void {
  response.setTimeout(patienceMs, () => response.destroy())
}
