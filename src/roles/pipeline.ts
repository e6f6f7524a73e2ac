import type { Foundation } from '../foundation/foundation.ts'
import { createFetcher } from '../kafka/fetcher.ts'
import { joinGroup } from '../kafka/membership.ts'
import { createProducer } from '../kafka/producer.ts'
import { deadLetterTopic } from '../kafka/topics.ts'
import { deadLetterCompression } from '../pipeline/dead-letter.ts'
import { createDelivery, type DeliveryPoint } from '../pipeline/delivery.ts'
import { type PipelineFigures, pipelineFigures } from '../pipeline/figures.ts'
import { keepHistory } from '../pipeline/history.ts'
import { type PipelineState, pipelineMetrics, stateGauges } from '../pipeline/metrics.ts'
import { type Pipeline, runPipeline } from '../pipeline/pipeline.ts'
import { setDamagedPartsAside } from '../store/parts.ts'

export interface PipelineRole extends Pipeline {
  figures(): Promise<PipelineFigures>
  /** Stores what has been read, commits, leaves the group. */
  stop(): Promise<void>
}

/**
 * Starts the pipeline: topic to store.
 * @param options.alone whether only this process can fill the store, which then takes its place in the group over at
 *   once after a crash
 */
export function startPipeline(
  { config, connection, store, groupId, catalogue, registry, log }: Foundation,
  { alone, onStored, at }: { alone: boolean; onStored: () => void; at?: (point: DeliveryPoint) => void },
): PipelineRole {
  const stopping = new AbortController()
  const metrics = pipelineMetrics(registry)
  const fetcher = createFetcher(connection, {
    topic: config.topic,
    log,
    onMissing(partition, from, to) {
      metrics.missing.inc(to - from)
      log.error({ partition, from, to }, 'the topic dropped these offsets before they were read')
    },
  })
  const membership = joinGroup(connection, {
    topic: config.topic,
    groupId,
    ...(alone ? { instanceId: 'only' } : {}),
    log,
    onChange: () => fetcher.interrupt(),
  })
  const deadLetters = createProducer(connection, {
    topic: deadLetterTopic(config.topic),
    role: 'dead-letters',
    retries: 3,
    compression: deadLetterCompression(config.kafkaCompression),
  })
  const delivery = createDelivery({
    topic: config.topic,
    store,
    catalogue,
    membership,
    deadLetters,
    metrics,
    log,
    ...(at === undefined ? {} : { at }),
  })
  const pipeline = runPipeline(
    { membership, fetcher, store, catalogue, delivery, metrics, log, shared: !alone, onStored },
    stopping.signal,
  )
  const state: PipelineState = {
    lag: () => pipeline.lag(),
    lagSeconds: () => pipeline.lagSeconds(),
    waiting: () => pipeline.waiting(),
    rebalances: () => membership.rebalances,
    get trouble() {
      return pipeline.trouble
    },
  }
  stateGauges(registry, state)
  const stopHistory = keepHistory({ store, metrics, state, log })

  /** A server looks after its parts itself; those of the embedded engine are ours. */
  async function checkParts(): Promise<void> {
    const damaged = await setDamagedPartsAside(store, stopping.signal)
    for (const { table, part, reason } of damaged)
      log.error({ table, part, reason }, 'a part of the store is damaged and was set aside')
    if (damaged.length > 0) pipeline.lookAgain()
  }
  const checking = alone
    ? checkParts().catch((error) => log.warn({ reason: String(error).slice(0, 200) }, 'parts not checked'))
    : null

  return {
    done: pipeline.done,
    lookAgain: () => pipeline.lookAgain(),
    lag: () => pipeline.lag(),
    lagSeconds: () => pipeline.lagSeconds(),
    waiting: () => pipeline.waiting(),
    figures: () => pipelineFigures(metrics, state),
    get idle() {
      return pipeline.idle
    },
    get trouble() {
      return pipeline.trouble
    },
    async stop() {
      stopping.abort()
      await Promise.all([pipeline.done, checking])
      await stopHistory()
      await Promise.all([membership.close(), fetcher.close(), deadLetters.close()])
    },
  }
}
