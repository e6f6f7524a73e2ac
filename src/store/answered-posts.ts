import type { Store } from './store.ts'

/** The answer to a submission with an idempotency key. */
export interface AnsweredPost {
  key: string
  /** Digest of the event that came with the key. */
  bodyHash: string
  /** As JSON. */
  answer: string
}

/**
 * Keeps answers for a day.
 * @param answeredAt milliseconds since 1970
 */
export function insertAnsweredPosts(
  store: Store,
  answers: readonly AnsweredPost[],
  answeredAt: number,
): Promise<void> {
  return store.insert(
    { table: 'answered_posts', columns: ['idempotency_key', 'body_hash', 'answer', 'answered_at'] },
    answers.map(({ key, bodyHash, answer }) =>
      JSON.stringify([key, bodyHash, answer, (answeredAt / 1000).toFixed(3)]),
    ),
  )
}

/** The first answer under each of these keys within the last day, by key. */
export async function answeredPosts(
  store: Store,
  keys: readonly string[],
): Promise<Map<string, AnsweredPost>> {
  const rows = await store.rows<[string, string, string]>(
    `SELECT idempotency_key, argMin(body_hash, answered_at), argMin(answer, answered_at) FROM answered_posts
     WHERE idempotency_key IN {keys:Array(String)} AND answered_at > now() - INTERVAL 1 DAY
     GROUP BY idempotency_key`,
    { params: { keys }, maxSeconds: 5 },
  )
  return new Map(rows.map(([key, bodyHash, answer]) => [key, { key, bodyHash, answer }]))
}
