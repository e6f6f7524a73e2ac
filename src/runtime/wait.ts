import { setTimeout } from 'node:timers/promises'

/** Waits this many milliseconds, or until `signal` aborts; never rejects and leaves no listener behind. */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {})
}

/**
 * Waits for a promise, but at most this many milliseconds.
 * @returns whether it settled in time, be it with an error
 */
export async function settledWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  const settled = () => true
  try {
    return await Promise.race([
      promise.then(settled, settled),
      wait(milliseconds, over.signal).then(() => false),
    ])
  } finally {
    over.abort()
  }
}
