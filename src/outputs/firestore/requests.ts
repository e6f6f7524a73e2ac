/** The library repeats what fails for minutes without a word; after so long it is waited for no more. */
const ANSWER_MS = 10_000

/** Requests to Firestore, each of which is answered in time or has failed. */
export interface Requests {
  /** @throws Error with the code NO_ANSWER when there is none in 10 s; the library may go on with the request */
  ask<T>(request: Promise<T>): Promise<T>
  /** Resolves when the library has given up or ended all of them; only then may its client be ended. */
  settled(): Promise<unknown>
}

export function createRequests(): Requests {
  const pending = new Set<Promise<unknown>>()
  return {
    async ask(request) {
      pending.add(request)
      const over = () => void pending.delete(request)
      request.then(over, over)
      const late = Promise.withResolvers<never>()
      const limit = setTimeout(
        () => late.reject(Object.assign(new Error('no answer'), { code: 'NO_ANSWER' })),
        ANSWER_MS,
      )
      try {
        return await Promise.race([request, late.promise])
      } finally {
        clearTimeout(limit)
      }
    },
    settled: () => Promise.allSettled(pending),
  }
}
