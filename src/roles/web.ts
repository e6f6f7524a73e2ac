import { createApp } from '../api/app.ts'
import { requireReach } from '../api/guard.ts'
import { listenOn } from '../api/listening.ts'
import type { LiveFeed } from '../api/live-feed.ts'
import { createPipelineWatch } from '../api/pipeline-watch.ts'
import { probe } from '../api/readiness.ts'
import type { Foundation } from '../foundation/foundation.ts'
import { createSubmit } from '../intake/submit.ts'
import { createProducer } from '../kafka/producer.ts'
import { readRecords } from '../kafka/read-record.ts'
import { createTopicWatch } from '../kafka/topic-watch.ts'
import { archiveOf } from '../outputs/archive/configured.ts'
import { archivedTable } from '../outputs/archive/reading.ts'
import { systemMetrics } from '../outputs/status/metrics.ts'
import { watchReports } from '../outputs/status/reports.ts'
import { type ListensFor, listensFor } from '../questions/listen-source.ts'
import { askByOnceKeys } from '../questions/once.ts'
import { EVERYONE } from '../questions/scope.ts'
import type { Config } from '../settings/config.ts'
import type { SimulatorControl } from '../simulator/control.ts'
import { knownLineages } from '../store/known-lineages.ts'
import { listensTable } from '../store/listens-table.ts'
import type { Store } from '../store/store.ts'
import type { PipelineRole } from './pipeline.ts'
import type { SystemsRole } from './systems.ts'

const NO_SYSTEMS = { process: null, states: () => [] }

export interface WebRole {
  /** Where the page is. */
  url: string
  feed: LiveFeed
  stop(): Promise<void>
}

/**
 * Starts the API and the page.
 * @param pipeline the pipeline of this process, for the readiness report; null where it is another process
 * @param options.simulator the simulated crowd of this process, which the page may steer
 * @param options.systems the systems that this process hands listens on to
 * @throws Failure PORT_IN_USE
 */
export async function startWeb(
  { config, connection, groupId, store, catalogue, probe: kafka, registry, log }: Foundation,
  feed: LiveFeed,
  pipeline: Pick<PipelineRole, 'figures' | 'lag' | 'trouble' | 'idle'> | null,
  {
    simulator = null,
    systems = NO_SYSTEMS,
  }: {
    simulator?: SimulatorControl | null
    systems?: Pick<SystemsRole, 'process' | 'states'>
  } = {},
): Promise<WebRole> {
  requireReach(config)
  await using started = new AsyncDisposableStack()
  started.defer(() => feed.close())
  // A person waits for the answer, so it gives up soon and says so.
  const producer = createProducer(connection, {
    topic: config.topic,
    role: 'api',
    retries: 4,
    compression: config.kafkaCompression,
  })
  started.defer(() => producer.close())
  // For what Playhead does itself: it counts places, and compares a repeat with the listen that was sent first.
  const everyones = listensFor(store, EVERYONE)
  const lineages = knownLineages(store, () => kafka.topicId())
  const watch = createPipelineWatch({
    topic: createTopicWatch(connection, { topic: config.topic, groupId }),
    lineages,
    listens: everyones,
    pipeline,
    liveReaders: () => feed.readers,
    log,
  })
  started.defer(() => watch.close())
  // Each process answers for its own systems; only the page shows those of all.
  systemMetrics(registry, systems.states)
  const { process } = systems
  const reports = watchReports({
    connection,
    topic: config.topic,
    own: process === null ? null : { process, states: systems.states },
    log,
  })
  started.defer(() => reports.close())
  const app = await createApp({
    reach: config,
    store,
    stored: (scope) => listensFor(store, scope),
    history: historyOf(config, store),
    catalogue,
    producer,
    submit: createSubmit({
      store,
      producer,
      lineages,
      storedOnce: (keys) => askByOnceKeys(everyones, keys),
      cloudEvents: config.cloudEvents,
      log,
    }),
    readRecords: async (places) => {
      const { isInLog } = await lineages()
      const topicId = await kafka.topicId()
      // Under the topic's own id Kafka knows them all; one that it has replaced must not be taken for another.
      const asked = places.map((place) => ({ ...place, topicId: isInLog(place) ? topicId : '' }))
      return readRecords(connection, { topic: config.topic, log }, asked)
    },
    feed,
    watch,
    simulator,
    systems: () => reports.states(),
    readiness: () =>
      probe({
        broker: () => kafka.ask(),
        store: () => store.ping(),
        pipeline,
        lineages,
        systems: systems.states,
      }),
    registry,
    log,
  })
  started.defer(() => app.close())
  const url = await listenOn(app, { host: config.host, port: config.port, setting: 'PORT' })
  const running = started.move()
  return { url, feed, stop: () => running.disposeAsync() }
}

function historyOf(config: Config, store: Store): ListensFor {
  const archive = archiveOf(config)
  const table = config.archiveRead && archive !== null ? archivedTable(store, archive) : listensTable(store)
  return (scope) => listensFor(store, scope, table)
}
