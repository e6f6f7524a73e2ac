import { wait } from './wait.ts'

export interface RetryOptions {
  /** Wait before the second attempt, in milliseconds; doubles with each attempt. */
  firstMs: number
  /** Longest wait between two attempts, in milliseconds; `firstMs` by default. */
  lastMs?: number
  /** Ends the attempts. */
  signal: AbortSignal
  /** Whether another attempt can succeed; always by default. */
  canHelp?: (error: unknown) => boolean
  /** Called after each failed attempt that is followed by another one. */
  onFailure?: (error: unknown, waitMs: number) => void
}

/**
 * Repeats `run` until it succeeds.
 * @returns the result of the attempt that succeeded
 * @throws the last error, when `signal` aborts or another attempt cannot help
 */
export async function retry<Result>(run: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { firstMs, lastMs = firstMs, signal, canHelp = () => true, onFailure } = options
  for (let waitMs = firstMs; ; waitMs = Math.min(waitMs * 2, lastMs)) {
    try {
      return await run()
    } catch (error) {
      if (!canHelp(error)) throw error
      onFailure?.(error, waitMs)
      if (!signal.aborted) await wait(waitMs, signal)
      if (signal.aborted) throw error
    }
  }
}
