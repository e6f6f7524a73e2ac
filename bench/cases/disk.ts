import { join } from 'node:path'
import type { Case } from '../case.ts'
import { runScript } from '../script.ts'
import { storeAll } from '../store-all.ts'

/**
 * Disk space of a listen with its indexes and rollups, compared with the events alone as Parquet
 * with zstd.
 */
export const diskCase: Case = {
  name: 'disk',
  summary: 'bytes on disk per listen, compared with Parquet and zstd',
  async run({ directory, topic: openTopic }) {
    const topic = await openTopic()
    const path = join(directory, 'data')
    await storeAll(topic, path)
    const told = { path: join(path, 'store'), parquet: join(directory, 'listens.parquet') }
    const { listens, bytes, parquetBytes, columns } = await runScript<{
      listens: number
      bytes: number
      parquetBytes: number
      columns: unknown
    }>('disk.ts', told)
    return [
      {
        what: 'bytes on disk per listen, after merging',
        unit: 'bytes',
        higherIsBetter: false,
        ours: [bytes / listens],
        peer: { name: 'the events as Parquet with zstd', figures: [parquetBytes / listens] },
        target: { of: 'ratio', atLeast: 1.2, aim: 1 },
        details: columns,
      },
    ]
  },
}
