import type { Comparison } from '../outputs/archive/restore.ts'
import { restoreArchive } from '../outputs/archive/restore.ts'
import { Failure } from '../runtime/failure.ts'
import { addressOf, withStore } from './archive.ts'
import type { Command } from './command.ts'

/** `playhead restore`: builds a new store from an archive. */
export const restoreCommand: Command = {
  summary: 'restore a new store from an archive, and compare the two',
  flags: {
    from: {
      type: 'string',
      help: 'a folder, s3://bucket/prefix or hdfs://host:port/path (ARCHIVE)',
    },
  },
  async run(config, flags, signal) {
    const address = addressOf(config, flags['from'], '--from')
    const compared = await withStore(config, signal, (store) =>
      restoreArchive(store, address, {
        signal,
        onRun: (run, of) => process.stderr.write(`Run ${run} of ${of} is restored\n`),
      }),
    )
    if (compared === null) {
      process.stderr.write('Stopped. Run the same command to continue.\n')
      return 1
    }
    process.stdout.write(tableOf(compared))
    const listens = compared.reduce((sum, { archived }) => sum + archived.listens, 0)
    const wrong = compared.filter(({ agrees }) => !agrees).length
    if (wrong > 0)
      throw new Failure(
        'RESTORE_DISAGREES',
        `${wrong} of ${compared.length} partition days differ from the archive ${address.shown}. Remove this store and restore again. If they still differ, files of the archive are damaged.`,
      )
    process.stdout.write(
      `${listens.toLocaleString('en')} listens restored from ${address.shown}; counts, sums and hashes agree for all ${compared.length} partition days.\n`,
    )
    return 0
  },
}

function tableOf(compared: readonly Comparison[]): string {
  const lines = compared.map(({ archived, restored, agrees }) =>
    [
      archived.day,
      `${archived.topic_id.slice(0, 8)}-${archived.partition}`,
      archived.listens.toLocaleString('en').padStart(14),
      (restored?.listens ?? 0).toLocaleString('en').padStart(14),
      (archived.heard_ms / 3_600_000).toFixed(1).padStart(12),
      agrees ? 'agrees' : 'DIFFERS',
    ].join('  '),
  )
  const head = ['day       ', 'partition ', '      archived', '      restored', ' hours heard'].join('  ')
  return `${[head, ...lines].join('\n')}\n`
}
