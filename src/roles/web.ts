import { createApp } from '../api/app.ts'
import type { LiveFeed } from '../api/live-feed.ts'
import { createPipelineWatch } from '../api/pipeline-watch.ts'
import { type Probes, probe } from '../api/readiness.ts'
import { Failure } from '../failure.ts'
import { createProducer } from '../kafka/producer.ts'
import { readRecord } from '../kafka/read-record.ts'
import { createTopicWatch } from '../kafka/topic-watch.ts'
import type { Foundation } from './foundation.ts'

export interface WebRole {
  /** Where the page is. */
  url: string
  feed: LiveFeed
  stop(): Promise<void>
}

/**
 * Starts the API and the page.
 * @param pipeline the pipeline of this process, for the readiness report; null where it is another process
 * @throws Failure PORT_IN_USE
 */
export async function startWeb(
  { config, connection, groupId, store, catalogue, probe: kafka, registry, log }: Foundation,
  feed: LiveFeed,
  pipeline: Probes['pipeline'],
): Promise<WebRole> {
  // A person waits for the answer, so it gives up soon and says so.
  const producer = createProducer(connection, {
    topic: config.topic,
    role: 'api',
    retries: 4,
    compression: config.kafkaCompression,
  })
  const watch = createPipelineWatch({
    topic: createTopicWatch(connection, { topic: config.topic, groupId }),
    topicId: () => kafka.topicId(),
    store,
    registry,
    log,
  })
  const app = await createApp({
    store,
    catalogue,
    producer,
    topicId: () => kafka.topicId(),
    readRecord: (place) => readRecord(connection, { topic: config.topic, log }, place),
    feed,
    watch,
    readiness: () => probe({ broker: () => kafka.ask(), store: () => store.ping(), pipeline }),
    registry,
    log,
  })
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    await watch.close()
    await producer.close()
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portInUse(config.port, error) : error
  }
  const shown = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
  return {
    url: `http://${shown}:${config.port}`,
    feed,
    async stop() {
      await app.close()
      await feed.close()
      await watch.close()
      await producer.close()
    },
  }
}

function portInUse(port: number, cause: unknown): Failure {
  return new Failure(
    'PORT_IN_USE',
    `Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1} npm start.`,
    { cause },
  )
}
