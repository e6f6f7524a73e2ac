import { type Case, inTurn } from '../case.ts'
import { consumerPerformance } from '../kafka-tools.ts'
import { runScript } from '../script.ts'

/** How fast events are read, decoded and validated. The peer only reads. */
export const readCase: Case = {
  name: 'read',
  summary: "events read, decoded and validated, compared with Kafka's ConsumerPerformance",
  async run({ size, topic: openTopic }) {
    const topic = await openTopic()
    const told = { bootstrap: topic.broker.address, topic: topic.name, events: topic.events }
    const found = await inTurn(
      size.rounds,
      async () => (await runScript<{ rate: number }>('read.ts', told)).rate,
      () => consumerPerformance(told.bootstrap, told.topic, told.events),
    )
    return [
      {
        what: 'read, decode, validate',
        unit: 'events/s',
        higherIsBetter: true,
        ours: found.ours,
        peer: { name: "Kafka's ConsumerPerformance, which only reads", figures: found.theirs },
        target: { of: 'ratio', atLeast: 0.25, aim: 0.5 },
      },
    ]
  },
}
