import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { type AnsweredPost, answeredPost, insertAnsweredPost } from '../store/answered-posts.ts'
import type { Store } from '../store/store.ts'
import { RequestError } from './error.ts'
import { withPatience } from './patience.ts'

const LONGEST_KEY = 200
/** Answers kept in memory, for repeats that come at once and while the store is away. */
const MOST_REMEMBERED = 10_000

/** Answers a request that is repeated as it was answered first. */
export interface Idempotency {
  /**
   * @param key the Idempotency-Key; undefined where the request has none, and each time counts
   * @param body what a repeat must have again
   * @param act carries the request out; a failure is not kept, so that it can be tried again
   * @throws RequestError 400 for a key that cannot be one, 422 for another body under the same key
   */
  answer<Answer>(key: string | undefined, body: unknown, act: () => Promise<Answer>): Promise<Answer>
}

interface Remembered {
  bodyHash: string
  answer: Promise<unknown>
}

/**
 * Keeps answers in memory and in the store, where another process and the next start find them. The store may be away:
 * then a repeat may be carried out again, and the once key of its record keeps it from being stored again.
 */
export function createIdempotency(store: Store, log: FastifyBaseLogger): Idempotency {
  const remembered = new Map<string, Remembered>()

  async function lookUp(key: string): Promise<AnsweredPost | null> {
    try {
      return await withPatience(answeredPost(store, key))
    } catch (error) {
      log.warn({ reason: String(error).slice(0, 200) }, 'answered POSTs cannot be looked up')
      return null
    }
  }

  async function first<Answer>(key: string, bodyHash: string, act: () => Promise<Answer>): Promise<Answer> {
    const before = await lookUp(key)
    if (before !== null) {
      refuseOther(before.bodyHash, bodyHash)
      return JSON.parse(before.answer) as Answer
    }
    const answer = await act()
    const kept = insertAnsweredPost(store, { key, bodyHash, answer: JSON.stringify(answer) }, Date.now())
    await withPatience(kept).catch((error) =>
      log.warn({ reason: String(error).slice(0, 200) }, 'an answered POST was not kept'),
    )
    return answer
  }

  return {
    async answer(key, body, act) {
      if (key === undefined) return await act()
      if (key.length === 0 || key.length > LONGEST_KEY || !/^[\x21-\x7e]+$/.test(key))
        throw new RequestError(
          400,
          'bad_idempotency_key',
          `Idempotency-Key must be 1 to ${LONGEST_KEY} visible ASCII characters, such as a UUID.`,
          'idempotency-key',
        )
      const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('base64')
      const known = remembered.get(key)
      if (known !== undefined) {
        refuseOther(known.bodyHash, bodyHash)
        return (await known.answer) as Awaited<ReturnType<typeof act>>
      }
      const answer = first(key, bodyHash, act)
      remembered.set(key, { bodyHash, answer })
      answer.catch(() => remembered.delete(key))
      const [oldest] = remembered.keys()
      if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
      return await answer
    },
  }
}

function refuseOther(first: string, now: string): void {
  if (first !== now) throw reusedKey()
}

/** The refusal of a key that came with another body before. */
export function reusedKey(): RequestError {
  return new RequestError(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key came with another body before. Use a new key for a new listen.',
    'idempotency-key',
  )
}
