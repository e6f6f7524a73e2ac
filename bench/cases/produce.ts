import { randomUUID } from 'node:crypto'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { type Case, inTurn } from '../case.ts'
import { producerPerformance } from '../kafka-tools.ts'
import { runScript } from '../script.ts'
import { COMPRESSION } from '../topic.ts'

/**
 * How fast events are acknowledged: events of a file, as the peer sends them, and events that the
 * crowd generates during sending.
 */
export const produceCase: Case = {
  name: 'produce',
  summary: "events acknowledged, compared with Kafka's ProducerPerformance",
  async run({ size, topic: openTopic }) {
    const { broker, payloads } = await openTopic()
    const freshTopic = async () => {
      const name = `produce-${randomUUID()}`
      await ensureTopics({ brokers: [broker.address] }, name, { deadLetters: false })
      return name
    }
    const ours = async (file: string | null, cloudEvents = false) => {
      const told = {
        bootstrap: broker.address,
        events: size.events,
        compression: COMPRESSION,
        payloads: file,
        cloudEvents,
      }
      return (await runScript<{ rate: number }>('produce.ts', { ...told, topic: await freshTopic() })).rate
    }
    const made: number[] = []
    const found = await inTurn(
      size.rounds,
      async () => {
        made.push(await ours(null))
        return await ours(payloads)
      },
      async () => await producerPerformance(broker.address, await freshTopic(), payloads, size.events),
    )
    const headers = await inTurn(
      size.rounds,
      () => ours(null, true),
      () => ours(null),
    )
    const common = {
      unit: 'events/s',
      higherIsBetter: true,
      peer: { name: "Kafka's ProducerPerformance, same payloads", figures: found.theirs },
    }
    return [
      {
        ...common,
        what: 'produce (acks=all, lz4), same payloads',
        ours: found.ours,
        target: { of: 'ratio', atLeast: 0.8, aim: 1 },
      },
      {
        ...common,
        what: 'produce (acks=all, lz4), events made and encoded meanwhile',
        ours: made,
        target: { of: 'ratio', atLeast: 0.8, aim: 1 },
      },
      {
        ...common,
        what: 'produce events made meanwhile, with the headers of CloudEvents',
        ours: headers.ours,
        peer: { name: 'without them', figures: headers.theirs },
        target: null,
      },
    ]
  },
}
