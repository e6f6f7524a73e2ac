const PATIENCE_MS = 2_000

/**
 * Waits at most two seconds for an answer of the store that the caller can do without. The store's own limit is
 * minutes, because an INSERT of the pipeline may take that long.
 * @throws Error when there is no answer within two seconds; the question itself goes on
 */
export async function withPatience<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`no answer from the store within ${PATIENCE_MS / 1000} s`)),
    PATIENCE_MS,
  )
  try {
    return await Promise.race([asked, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
