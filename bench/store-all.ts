import { arrivalRate } from './pace.ts'
import { measuredPlayhead } from './playhead.ts'
import type { Topic } from './topic.ts'

export interface StoredAll {
  /** Listens per second, from the first one in the store to the last. */
  rate: number
  /** Peak resident memory of the process, in bytes. */
  peakBytes: number
}

/** A new Playhead that stores a complete topic. The stored listens stay in its folder. */
export async function storeAll(topic: Topic, dataDir: string): Promise<StoredAll> {
  const playhead = await measuredPlayhead(topic, dataDir)
  try {
    const rate = await arrivalRate(() => playhead.stored(), topic.events)
    return { rate, peakBytes: await playhead.peakBytes() }
  } finally {
    await playhead.stop()
  }
}
