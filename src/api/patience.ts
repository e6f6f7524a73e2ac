const PATIENCE_MS = 2_000

/**
 * Waits for the store no longer than a person would. For what an answer can do without: the store's own limit is
 * minutes, because an INSERT of the pipeline may take so long.
 * @throws Error when there is no answer within two seconds; what was asked goes on
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
