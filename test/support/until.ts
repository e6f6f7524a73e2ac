const LOOK_MS = 25
/** Long, because a slow machine must not fail a test. Only failing tests wait this long. */
const LIMIT_MS = 300_000

/**
 * Polls until a condition holds.
 * @param what name of the condition, for the message when it never holds
 * @param holds the condition; an exception ends the wait, and a falsy value means not yet
 * @returns the first truthy value
 * @throws Error after five minutes, or `limitMs`
 */
export async function until<T>(
  what: string,
  holds: () => Promise<T> | T,
  limitMs = LIMIT_MS,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const value = await holds()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs / 1000} s in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
