import { type Scope, scopeKey } from '../questions/scope.ts'

/** Asks a question, or waits for the answer of an equal one that is being asked. */
export type Share = <Answer>(scope: Scope, question: string, ask: () => Promise<Answer>) => Promise<Answer>

/**
 * Lets callers of one scope who ask the same at the same time wait for one answer, so that many open pages cost as much
 * as one.
 */
export function createSharedAnswers(): Share {
  const inFlight = new Map<string, Promise<unknown>>()
  return async <Answer>(scope: Scope, question: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const key = `${scopeKey(scope)} ${question}`
    const shared = inFlight.get(key) as Promise<Answer> | undefined
    if (shared !== undefined) return shared
    const answer = ask()
    inFlight.set(key, answer)
    try {
      return await answer
    } finally {
      inFlight.delete(key)
    }
  }
}
