import type { Store } from './store.ts'

/** What was answered to a POST with an Idempotency-Key. */
export interface AnsweredPost {
  key: string
  /** Of the body that came with it. */
  bodyHash: string
  /** As JSON. */
  answer: string
}

/** Keeps an answer for a day. */
export function insertAnsweredPost(
  store: Store,
  { key, bodyHash, answer }: AnsweredPost,
  answeredAt: number,
): Promise<void> {
  return store.insert(
    { table: 'answered_posts', columns: ['idempotency_key', 'body_hash', 'answer', 'answered_at'] },
    [JSON.stringify([key, bodyHash, answer, (answeredAt / 1000).toFixed(3)])],
  )
}

/** The answer that was given first under a key within the last day; null where there is none. */
export async function answeredPost(store: Store, key: string): Promise<AnsweredPost | null> {
  const [row] = await store.rows<[string, string]>(
    `SELECT argMin(body_hash, answered_at), argMin(answer, answered_at) FROM answered_posts
     WHERE idempotency_key = {key:String} AND answered_at > now() - INTERVAL 1 DAY GROUP BY idempotency_key`,
    { params: { key }, maxSeconds: 5 },
  )
  return row === undefined ? null : { key, bodyHash: row[0], answer: row[1] }
}
