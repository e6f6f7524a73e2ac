import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Case } from '../case.ts'
import { storeAll } from '../store-all.ts'

const MiB = 2 ** 20

/** Peak resident memory of the process while it reads a topic, without the broker and the page. */
export const memoryCase: Case = {
  name: 'memory',
  summary: 'peak resident memory from topic to store',
  async run({ size, directory, topic: openTopic }) {
    const topic = await openTopic()
    const path = join(directory, 'store')
    const ours: number[] = []
    for (let round = 0; round < size.rounds; round++) {
      ours.push((await storeAll(topic, path)).peakBytes / MiB)
      await rm(path, { recursive: true, force: true })
    }
    return [
      {
        what: `peak resident memory, topic to store, ${topic.events.toLocaleString('en')} events`,
        unit: 'MiB',
        higherIsBetter: false,
        ours,
        peer: null,
        target: { of: 'figure', atLeast: 1024, aim: 512 },
      },
    ]
  },
}
