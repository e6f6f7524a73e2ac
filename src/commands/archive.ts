import { collectDefaultMetrics, Registry } from 'prom-client'
import { openStore, startOf } from '../foundation/foundation.ts'
import { serveHealth } from '../foundation/health.ts'
import { connectionOf } from '../kafka/client.ts'
import type { ArchiveAddress } from '../outputs/archive/address.ts'
import { archiveStored } from '../outputs/archive/archive.ts'
import { startArchiver } from '../outputs/archive/archiver.ts'
import { archiveOf } from '../outputs/archive/configured.ts'
import { dropArchived } from '../outputs/archive/keep.ts'
import { startReporter } from '../outputs/status/reporter.ts'
import { claimDataDirectory } from '../runtime/data-directory.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import { untilStopped } from '../runtime/until-stopped.ts'
import type { Config } from '../settings/config.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'

/** `playhead archive`: stored listens as Parquet files, each listen once. */
export const archiveCommand: Command = {
  summary: 'archive stored listens as Parquet files in a folder, S3 or HDFS',
  flags: {
    to: { type: 'string', help: 'a folder, s3://bucket/prefix or hdfs://host:port/path (ARCHIVE)' },
    once: { type: 'boolean', help: 'archive once and exit, instead of every hour' },
    'open-hour': { type: 'boolean', help: 'include listens stored in the current hour' },
  },
  async run(config, flags, signal) {
    const address = addressOf(config, flags['to'], '--to')
    return await withStore(config, signal, async (store) => {
      if (flags['once'] === true)
        await archiveOnce(store, address, flags['open-hour'] === true, config, signal)
      else await archiveHourly(store, address, config, signal)
      return 0
    })
  },
}

async function archiveOnce(
  store: Store,
  address: ArchiveAddress,
  openHour: boolean,
  { keepMs, archiveIceberg: iceberg }: Config,
  signal: AbortSignal,
): Promise<void> {
  const { listens, runs, held } = await archiveStored(store, address, {
    openHour,
    iceberg,
    signal,
    onRun: ({ run }) => process.stderr.write(`Run ${run} is archived\n`),
  })
  process.stdout.write(
    `${listens.toLocaleString('en')} listens archived to ${address.shown}, ${runs.length} runs in all\n`,
  )
  if (held > 0)
    process.stderr.write(
      `${held} partitions wait until the pipeline has read rows again that the store has lost.\n`,
    )
  if (keepMs === null) return
  const dropped = await dropArchived(store, address, runs, { keepMs, signal })
  process.stdout.write(`${dropped.toLocaleString('en')} listens dropped from the store\n`)
}

async function archiveHourly(
  store: Store,
  address: ArchiveAddress,
  config: Config,
  signal: AbortSignal,
): Promise<void> {
  const { keepMs, archiveIceberg: iceberg } = config
  const log = createLogger(config.logLevel)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  await using running = new AsyncDisposableStack()
  const archiver = startArchiver({ store, address, keepMs, iceberg, log })
  running.defer(() => archiver.stop())
  const { states } = archiver
  const connection = connectionOf(config)
  running.adopt(startReporter({ connection, topic: config.topic, states, log }), (reporter) =>
    reporter.stop(),
  )
  await serveHealth({ config, store, probe: null, registry, log }, running, { systems: states })
  process.stderr.write(`Archiving stored listens to ${address.shown} every hour. Press Ctrl-C to stop.\n`)
  await untilStopped(signal)
}

/**
 * The archive named by a flag or by ARCHIVE.
 * @throws Failure BAD_SETTING
 */
export function addressOf(config: Config, flag: unknown, name: string): ArchiveAddress {
  const address = archiveOf(config, typeof flag === 'string' ? { text: flag, name } : undefined)
  if (address === null)
    throw new Failure(
      'BAD_SETTING',
      `No archive is set. Set ${name} or ARCHIVE to a folder, s3://bucket/prefix or hdfs://host:port/path.`,
    )
  return address
}

/** Opens the store for one command; claims the data directory of the embedded engine. */
export async function withStore<T>(
  config: Config,
  signal: AbortSignal,
  use: (store: Store) => Promise<T>,
): Promise<T> {
  await using opened = new AsyncDisposableStack()
  if (config.clickhouseUrl === null)
    opened.adopt(await claimDataDirectory(config.dataDir), (claim) => claim.release())
  const start = startOf(createLogger(config.logLevel), signal)
  const store = opened.adopt(await openStore(config, start), (open) => open.close())
  return await use(store)
}
