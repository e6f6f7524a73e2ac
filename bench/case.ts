import type { Topic } from './topic.ts'

/** How much is measured. Each figure can be set by a flag of `npm run bench`. */
export interface Size {
  /** Events that go through the topic. */
  events: number
  /** How often each side is measured; the median counts. */
  rounds: number
  /** Listens of the stores that questions are asked of; each gives rows of its own in the table. */
  rows: readonly number[]
  /** How long events arrive at a rate, in seconds. */
  seconds: number
  /** Events a second that arrive while the delay to the feed is measured. */
  rates: readonly number[]
  /** Who follows the live feed. */
  readers: number
  /** How long Playhead is down before it catches up, in seconds. */
  downSeconds: number
  /** How often each question is asked. */
  asks: number
}

/** What a case stands on. */
export interface Bench {
  size: Size
  /** An empty folder for this case, removed after it. */
  directory: string
  /** Where big stores are kept; see `big-store.ts`. */
  stores: string
  /** A running broker and a topic on it that holds {@link Size.events} simulated listens; made when it is first asked for. */
  topic(): Promise<Topic>
  /** Tells a person what is going on. */
  say(text: string): void
}

/** What a figure has to reach: on its own, or divided by the peer's. Where less is better both are the most it may be. */
export interface Target {
  of: 'ratio' | 'figure'
  atLeast: number
  aim: number
}

/** What a case found: each side as often as it was measured. */
export interface Finding {
  what: string
  unit: string
  /** Whether more of it is better. */
  higherIsBetter: boolean
  ours: readonly number[]
  peer: { name: string; figures: readonly number[] } | null
  target: Target | null
  /** What the figures are made of, for the JSON alone. */
  details?: unknown
}

export interface Case {
  name: string
  /** One line for `--help`. */
  summary: string
  run(bench: Bench): Promise<Finding[]>
}

/**
 * Measures both sides in turn, so that what else the machine does falls on both alike.
 * @returns what each run gave, in order
 */
export async function inTurn<Ours = number, Theirs = number>(
  rounds: number,
  ours: (round: number) => Promise<Ours>,
  theirs: (round: number) => Promise<Theirs>,
): Promise<{ ours: Ours[]; theirs: Theirs[] }> {
  const found = { ours: [] as Ours[], theirs: [] as Theirs[] }
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first finds colder caches, so the order changes.
    const ourTurn = async () => found.ours.push(await ours(round))
    const theirTurn = async () => found.theirs.push(await theirs(round))
    for (const turn of round % 2 === 0 ? [ourTurn, theirTurn] : [theirTurn, ourTurn]) await turn()
  }
  return found
}
