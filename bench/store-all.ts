import { arrivalRate } from './pace.ts'
import { measuredPlayhead } from './playhead.ts'
import type { Topic } from './topic.ts'

export interface StoredAll {
  /** Listens a second, from the first one seen in the store to the last. */
  rate: number
  /** The most memory that the process had resident, in bytes. */
  peakBytes: number
}

/** A new Playhead that takes a whole topic over. What it stored is left in its folder. */
export async function storeAll(topic: Topic, dataDir: string): Promise<StoredAll> {
  const playhead = await measuredPlayhead(topic, dataDir)
  try {
    const rate = await arrivalRate(() => playhead.stored(), topic.events)
    return { rate, peakBytes: await playhead.peakBytes() }
  } finally {
    await playhead.stop()
  }
}
