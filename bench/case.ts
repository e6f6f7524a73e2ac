import type { Topic } from './topic.ts'

/** How long the benchmark may take. */
export interface Size {
  /** Events that go through the topic. */
  events: number
  /** How often each side is measured; the median counts. */
  rounds: number
}

/** What a case stands on. */
export interface Bench {
  size: Size
  /** An empty folder for this case, removed after it. */
  directory: string
  /** A running broker and a topic on it that holds {@link Size.events} simulated listens. */
  topic: Topic
  /** Tells a person what is going on. */
  say(text: string): void
}

/** What a case found: each side as often as it was measured. */
export interface Finding {
  what: string
  peer: string
  unit: string
  /** Whether more of it is better. */
  higherIsBetter: boolean
  ours: readonly number[]
  theirs: readonly number[]
  /** Bounds of ours ÷ theirs, from the project's goals. */
  atLeast: number
  aim: number
}

export interface Case {
  name: string
  run(bench: Bench): Promise<Finding[]>
}

/**
 * Measures both sides in turn, so that what else the machine does falls on both alike.
 * @returns what each run gave, in order
 */
export async function inTurn(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<{ ours: number[]; theirs: number[] }> {
  const found = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first finds colder caches, so the order changes.
    const ourTurn = async () => found.ours.push(await ours(round))
    const theirTurn = async () => found.theirs.push(await theirs(round))
    for (const turn of round % 2 === 0 ? [ourTurn, theirTurn] : [theirTurn, ourTurn]) await turn()
  }
  return found
}

/** The middle of some figures. @throws RangeError when there are none */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new RangeError('no figures')
  return (low + high) / 2
}

/** Ours ÷ theirs, or the other way round where less is better: above 1 we are ahead. */
export function ratioOf({ ours, theirs, higherIsBetter }: Finding): number {
  const ratio = median(ours) / median(theirs)
  return higherIsBetter ? ratio : 1 / ratio
}
