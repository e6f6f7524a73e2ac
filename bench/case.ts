import type { Topic } from './topic.ts'

/** How much to measure. Each figure can be set by a flag of `npm run bench`. */
export interface Size {
  /** Events that go through the topic. */
  events: number
  /** Measurements per side; the median counts. */
  rounds: number
  /** Listens in the stores that questions are asked of; each number adds rows to the table. */
  rows: readonly number[]
  /** Seconds of events at a steady rate. */
  seconds: number
  /** Events per second while the delay to the feed is measured. */
  rates: readonly number[]
  /** Readers of the live feed. */
  readers: number
  /** Seconds for which Playhead is stopped before it catches up. */
  downSeconds: number
  /** Times that each question is asked. */
  asks: number
}

/** What a case can use. */
export interface Bench {
  size: Size
  /** An empty folder for this case; it is removed afterwards. */
  directory: string
  /** Folder of big stores; see `big-store.ts`. */
  stores: string
  /**
   * A running broker and a topic with {@link Size.events} simulated listens, created on first use.
   */
  topic(): Promise<Topic>
  /** Reports progress to a person. */
  say(text: string): void
}

/**
 * Target of a figure: absolute, or divided by the peer's. Where less is better, both are upper
 * limits.
 */
export interface Target {
  of: 'ratio' | 'figure'
  atLeast: number
  aim: number
}

/** Results of a case: all measurements of each side. */
export interface Finding {
  what: string
  unit: string
  /** Whether higher is better. */
  higherIsBetter: boolean
  ours: readonly number[]
  peer: { name: string; figures: readonly number[] } | null
  target: Target | null
  /** Details behind the figures, for the JSON only. */
  details?: unknown
}

export interface Case {
  name: string
  /** One line for `--help`. */
  summary: string
  run(bench: Bench): Promise<Finding[]>
}

/**
 * Measures both sides in turn, so that other load on the machine affects both alike.
 * @returns the results of all runs, in order
 */
export async function inTurn<Ours = number, Theirs = number>(
  rounds: number,
  ours: (round: number) => Promise<Ours>,
  theirs: (round: number) => Promise<Theirs>,
): Promise<{ ours: Ours[]; theirs: Theirs[] }> {
  const found = { ours: [] as Ours[], theirs: [] as Theirs[] }
  for (let round = 0; round < rounds; round++) {
    // The first side finds colder caches, so the order alternates.
    const ourTurn = async () => found.ours.push(await ours(round))
    const theirTurn = async () => found.theirs.push(await theirs(round))
    for (const turn of round % 2 === 0 ? [ourTurn, theirTurn] : [theirTurn, ourTurn]) await turn()
  }
  return found
}
