/** Lets those who ask the same at the same time wait for one answer, so that many open pages cost what one does. */
export function createSharedAnswers(): <Answer>(
  question: string,
  ask: () => Promise<Answer>,
) => Promise<Answer> {
  const inFlight = new Map<string, Promise<unknown>>()
  return async <Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const shared = inFlight.get(question) as Promise<Answer> | undefined
    if (shared !== undefined) return shared
    const answer = ask()
    inFlight.set(question, answer)
    try {
      return await answer
    } finally {
      inFlight.delete(question)
    }
  }
}
