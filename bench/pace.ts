import { setTimeout as wait } from 'node:timers/promises'

const LOOK_MS = 250

/**
 * Watches rows arrive in a store.
 * @param count returns the current number of rows
 * @returns rows per second from the first observed rows until all have arrived, without those first
 * ones. When the first ones are more than half, the rate covers all rows from the call on, because
 * a few large steps cannot be timed between them
 */
export async function arrivalRate(count: () => Promise<number>, wanted: number): Promise<number> {
  const begun = { at: performance.now(), rows: 0 }
  let first: typeof begun | null = null
  for (;;) {
    const rows = await count()
    const at = performance.now()
    if (rows > 0) first ??= rows > wanted / 2 ? begun : { at, rows }
    if (first !== null && rows >= wanted) return ((rows - first.rows) / (at - first.at)) * 1000
    await wait(LOOK_MS)
  }
}
