import { randomUUID } from 'node:crypto'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { type Case, inTurn } from '../case.ts'
import { producerPerformance } from '../kafka-tools.ts'
import { runScript } from '../script.ts'
import { COMPRESSION } from '../topic.ts'

/** How fast the crowd gets its events acknowledged. Ours makes and encodes each event; the peer sends lines of a file. */
export const produceCase: Case = {
  name: 'produce',
  async run({ size, topic }) {
    const { address } = topic.broker
    const freshTopic = async () => {
      const name = `produce-${randomUUID()}`
      await ensureTopics({ brokers: [address] }, name)
      return name
    }
    const found = await inTurn(
      size.rounds,
      async () => {
        const told = {
          bootstrap: address,
          topic: await freshTopic(),
          events: size.events,
          compression: COMPRESSION,
        }
        return (await runScript<{ rate: number }>('produce.ts', told)).rate
      },
      async () => await producerPerformance(address, await freshTopic(), topic.payloads, size.events),
    )
    return [
      {
        what: 'produce simulated events (acks=all, lz4)',
        peer: "Kafka's ProducerPerformance, same payloads",
        unit: 'events/s',
        higherIsBetter: true,
        ...found,
        atLeast: 0.8,
        aim: 1,
      },
    ]
  },
}
