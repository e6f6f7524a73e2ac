import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Case, inTurn } from '../case.ts'
import { runScript } from '../script.ts'
import { storeAll } from '../store-all.ts'

/** The complete path of an event, compared with inserts of prepared rows by the client. */
export const bareInsertCase: Case = {
  name: 'bare-insert',
  summary: "topic to store, compared with the client's INSERTs of the same rows",
  async run({ size, directory, topic: openTopic }) {
    const topic = await openTopic()
    const told = { bootstrap: topic.broker.address, topic: topic.name, events: topic.events }
    const path = join(directory, 'store')
    const alone = async <T>(measure: () => Promise<T>) => {
      try {
        return await measure()
      } finally {
        await rm(path, { recursive: true, force: true })
      }
    }
    const found = await inTurn(
      size.rounds,
      () => alone(async () => (await storeAll(topic, path)).rate),
      () => alone(async () => (await runScript<{ rate: number }>('bare-insert.ts', { ...told, path })).rate),
    )
    return [
      {
        what: 'topic to store, validated and exactly once',
        unit: 'events/s',
        higherIsBetter: true,
        ours: found.ours,
        peer: { name: "the client's INSERT of the same rows", figures: found.theirs },
        target: { of: 'ratio', atLeast: 0.6, aim: 0.9 },
      },
    ]
  },
}
