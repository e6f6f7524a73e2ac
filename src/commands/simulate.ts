import { initialCatalogue } from '../catalogue/initial.ts'
import { connectionOf } from '../kafka/client.ts'
import { createProducer } from '../kafka/producer.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { createLogger } from '../logger.ts'
import { simulate } from '../roles/simulator.ts'
import type { Command } from './command.ts'
import { positiveFlag, wholeFlag } from './flag-values.ts'

/** `playhead simulate`: a crowd that plays into the topic. */
export const simulateCommand: Command = {
  summary: 'play a simulated crowd into the topic',
  flags: {
    rate: { type: 'string', help: 'events a second (otherwise SIMULATOR_RATE or SIMULATOR_INTERVAL)' },
    count: { type: 'string', help: 'stop after so many events' },
    seed: { type: 'string', help: 'the same seed plays the same events' },
    listeners: { type: 'string', help: 'size of the crowd (1000)' },
  },
  async run(config, flags, signal) {
    const count = wholeFlag(flags, 'count', 1)
    const seed = wholeFlag(flags, 'seed', 0)
    const listeners = wholeFlag(flags, 'listeners', 1)
    const rate = positiveFlag(flags, 'rate') ?? (config.simulatorRate > 0 ? config.simulatorRate : 0.5)
    const connection = connectionOf(config)
    const log = createLogger(config.logLevel)
    await ensureTopics(connection, config.topic, { deadLetters: false })
    const { songs, ...choices } = await initialCatalogue()
    const producer = createProducer(connection, {
      topic: config.topic,
      role: 'simulator',
      retries: 5,
      compression: config.kafkaCompression,
    })
    let sent = 0
    const told = setInterval(() => process.stderr.write(`${sent.toLocaleString('en')} events sent\n`), 2_000)
    try {
      const paced = await simulate(
        {
          producer,
          songs: () => songs,
          choices,
          rate,
          ...(seed === undefined ? {} : { seed }),
          ...(listeners === undefined ? {} : { listeners }),
          ...(count === undefined ? {} : { count }),
          onSent: (total) => {
            sent = total
          },
          log,
        },
        signal,
      )
      process.stderr.write(`${paced.sent.toLocaleString('en')} events sent to ${config.topic}\n`)
    } finally {
      clearInterval(told)
      await producer.close()
    }
    return 0
  },
}
