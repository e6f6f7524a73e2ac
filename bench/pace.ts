import { setTimeout as wait } from 'node:timers/promises'

const LOOK_MS = 50

/**
 * Watches rows arrive in a store.
 * @param count how many there are by now
 * @returns rows a second from the moment the first are seen until all are, not counting those first ones
 */
export async function arrivalRate(count: () => Promise<number>, wanted: number): Promise<number> {
  let first: { at: number; rows: number } | null = null
  for (;;) {
    const rows = await count()
    const at = performance.now()
    if (rows > 0) first ??= { at, rows }
    if (first !== null && rows >= wanted) return ((rows - first.rows) / (at - first.at)) * 1000
    await wait(LOOK_MS)
  }
}
