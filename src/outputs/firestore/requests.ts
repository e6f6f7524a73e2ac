/** Time limit for an answer; the library silently retries for minutes. */
const ANSWER_MS = 10_000

/** Requests to Firestore with a time limit. */
export interface Requests {
  /** @throws Error with the code NO_ANSWER after 10 s; the library may still continue the request */
  ask<T>(request: Promise<T>): Promise<T>
  /** Resolves when the library has ended all requests; only then may the client be closed. */
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
