import { requireReach } from '../api/guard.ts'
import { createLiveFeed } from '../api/live-feed.ts'
import { type Foundation, openFoundation } from '../foundation/foundation.ts'
import { startLocalBroker } from '../kafka/broker.ts'
import { connectionOf, type KafkaConnection } from '../kafka/client.ts'
import { createProducer } from '../kafka/producer.ts'
import { listensFor } from '../questions/listen-source.ts'
import { EVERYONE } from '../questions/scope.ts'
import { startPipeline } from '../roles/pipeline.ts'
import { simulate } from '../roles/simulator.ts'
import { startSystems } from '../roles/systems.ts'
import { startWeb } from '../roles/web.ts'
import { claimDataDirectory } from '../runtime/data-directory.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import type { Config } from '../settings/config.ts'
import { createSimulatorControl, type SimulatorControl } from '../simulator/control.ts'
import type { Command } from './command.ts'

/** `playhead up`: everything in one process, plus a broker. */
export const upCommand: Command = {
  summary: 'start everything on this machine: broker, pipeline, page and simulator',
  async run(config, _flags, signal) {
    await runUntilStopped(config, signal)
    say('Stopped. All data is in the data directory.')
    return 0
  },
}

async function runUntilStopped(config: Config, signal: AbortSignal): Promise<void> {
  requireReach(config)
  const log = createLogger(config.logLevel)
  await using running = new AsyncDisposableStack()
  running.adopt(await claimDataDirectory(config.dataDir), (claim) => claim.release())
  const kafka = await timed('Kafka', () => openBroker(config, running, signal))
  const start = { signal, onProgress: say }
  const foundation = await timed('ClickHouse', () => openFoundation(config, kafka, log, start))
  running.defer(() => foundation.close())

  const feed = createLiveFeed({ listens: listensFor(foundation.store, EVERYONE), log })
  const pipeline = startPipeline(foundation, {
    alone: config.clickhouseUrl === null,
    onStored: () => feed.wake(),
  })
  running.defer(() => pipeline.stop())

  const crowd = config.simulatorRate > 0 ? createSimulatorControl('everyday', config.simulatorRate) : null
  const systems = running.adopt(await startSystems(foundation), (role) => role.stop())
  const web = await startWeb(foundation, feed, pipeline, { simulator: crowd, systems })
  running.defer(() => web.stop())
  if (crowd !== null) running.defer(startSimulator(foundation, crowd))

  process.stdout.write(`Playhead is ready at ${web.url}\n`)
  await Promise.race([untilStopped(signal), pipeline.done])
  say('Stopping …')
}

async function openBroker(
  config: Config,
  running: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<KafkaConnection> {
  if (config.kafkaBrokers !== null) return connectionOf(config)
  const broker = await startLocalBroker({
    dataDir: config.dataDir,
    port: config.kafkaPort,
    javaHome: config.javaHome,
    log: say,
    onProgress: say,
    signal,
  })
  running.defer(() => broker.stop())
  return { brokers: [broker.address] }
}

/** Starts the simulated crowd. @returns stops it */
function startSimulator(
  { config, connection, catalogue, log }: Foundation,
  control: SimulatorControl,
): () => Promise<void> {
  const stopping = new AbortController()
  const producer = createProducer(connection, {
    topic: config.topic,
    role: 'simulator',
    retries: 5,
    compression: config.kafkaCompression,
  })
  const simulating = simulate(
    {
      producer,
      songs: () => catalogue.songs(),
      choices: { platforms: catalogue.platforms, moods: catalogue.moods, genres: catalogue.genres() },
      rate: config.simulatorRate,
      cloudEvents: config.cloudEvents,
      control,
      log,
    },
    stopping.signal,
  ).catch((error) => log.error({ err: error }, 'the simulator stopped'))
  return async () => {
    stopping.abort()
    await simulating
    await producer.close()
  }
}

async function timed<T>(name: string, open: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const opened = await open()
  say(`${name} is ready (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  return opened
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
