import type { Logger } from 'pino'
import { type AnsweredPost, answeredPosts, insertAnsweredPosts } from '../store/answered-posts.ts'
import type { Store } from '../store/store.ts'
import { KEY_REUSED, type Outcome } from './outcome.ts'
import { withPatience } from './patience.ts'

/** Outcomes kept in memory, for repeats that arrive at once and while the store is unavailable. */
const MOST_REMEMBERED = 10_000

/** What decides whether a submission repeats another one. */
export interface Repeatable {
  /** Null: each submission counts. */
  key: string | null
  /** Digest of the event; a repeat has the same. */
  hash: string
}

/** Gives a repeated submission the outcome of the first one. */
export interface Idempotency {
  /**
   * @param act carries out those submissions of the batch that are not repeats. Only accepted ones are kept, so that
   * the others can be tried again.
   */
  run<One extends Repeatable>(
    batch: readonly One[],
    act: (firsts: readonly One[]) => Promise<Outcome[]>,
  ): Promise<Outcome[]>
}

interface Remembered {
  hash: string
  outcome: Promise<Outcome>
}

/**
 * Keeps outcomes in memory and, for a day, in the store, where another process and the next start find them. While the
 * store is unavailable a repeat may be carried out again; the once key of its record keeps it from being stored twice.
 */
export function createIdempotency(store: Store, log: Pick<Logger, 'warn'>): Idempotency {
  const remembered = new Map<string, Remembered>()

  function remember(key: string, one: Remembered): void {
    remembered.set(key, one)
    const [oldest] = remembered.keys()
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  }

  async function keptAnswers(keys: readonly string[]): Promise<Map<string, AnsweredPost>> {
    if (keys.length === 0) return new Map()
    try {
      return await withPatience(answeredPosts(store, keys))
    } catch (error) {
      log.warn({ reason: String(error).slice(0, 200) }, 'kept answers cannot be looked up')
      return new Map()
    }
  }

  async function keep(answers: readonly AnsweredPost[]): Promise<void> {
    if (answers.length === 0) return
    await withPatience(insertAnsweredPosts(store, answers, Date.now())).catch((error) =>
      log.warn({ reason: String(error).slice(0, 200) }, 'answers were not kept'),
    )
  }

  async function carryOut<One extends Repeatable>(
    batch: readonly One[],
    act: (firsts: readonly One[]) => Promise<Outcome[]>,
  ): Promise<Outcome[]> {
    const kept = await keptAnswers(batch.flatMap(({ key }) => key ?? []))
    const answers = batch.map(({ key }) => (key === null ? undefined : kept.get(key)))
    const acted = await act(batch.filter((_, index) => answers[index] === undefined))
    const fresh = acted.values()
    const outcomes = batch.map(({ hash }, index) => {
      const answer = answers[index]
      return answer === undefined ? next(fresh) : repeatOf(answer, hash)
    })
    await keep(
      batch.flatMap(({ key, hash }, index) => {
        const outcome = outcomes[index]
        if (key === null || answers[index] !== undefined || outcome?.kind !== 'accepted') return []
        const { id, listen } = outcome
        return { key, bodyHash: hash, answer: JSON.stringify({ id, listen }) }
      }),
    )
    return outcomes
  }

  return {
    async run(batch, act) {
      const outcomes: Promise<Outcome>[] = []
      const firsts: { one: (typeof batch)[number]; settle: PromiseWithResolvers<Outcome> }[] = []
      for (const one of batch) {
        const known = one.key === null ? undefined : remembered.get(one.key)
        if (known !== undefined) {
          outcomes.push(known.hash === one.hash ? known.outcome : Promise.resolve(KEY_REUSED))
          continue
        }
        const settle = Promise.withResolvers<Outcome>()
        outcomes.push(settle.promise)
        firsts.push({ one, settle })
        if (one.key !== null) remember(one.key, { hash: one.hash, outcome: settle.promise })
      }
      if (firsts.length === 0) return await Promise.all(outcomes)
      const forget = ({ key }: Repeatable) => key !== null && remembered.delete(key)
      try {
        const done = (
          await carryOut(
            firsts.map(({ one }) => one),
            act,
          )
        ).values()
        for (const { one, settle } of firsts) {
          const outcome = next(done)
          if (outcome.kind !== 'accepted') forget(one)
          settle.resolve(outcome)
        }
      } catch (error) {
        for (const { one, settle } of firsts) {
          forget(one)
          settle.reject(error)
        }
      }
      // Only now, because a repeat may wait for another batch that waits for one of this batch.
      return await Promise.all(outcomes)
    },
  }
}

function repeatOf({ bodyHash, answer }: AnsweredPost, hash: string): Outcome {
  if (bodyHash !== hash) return KEY_REUSED
  return {
    kind: 'accepted',
    ...(JSON.parse(answer) as Pick<Outcome & { kind: 'accepted' }, 'id' | 'listen'>),
  }
}

function next(outcomes: Iterator<Outcome>): Outcome {
  const { value, done } = outcomes.next()
  if (done === true) throw new Error('a submission was left without an outcome')
  return value
}
