import { zstdCompressSync } from 'node:zlib'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { StoredListen } from '../listen/stored.ts'
import { COLUMNS, type Column } from './columns.ts'

const TYPE = { text: 'STRING', number: 'DOUBLE', boolean: 'BOOLEAN', time: 'TIMESTAMP' } as const

/** Listens per row group: more make a smaller file, but block the main thread longer. */
const ROW_GROUP = 10_000

function columnOf({ name, type, nullable, of }: Column, listens: readonly StoredListen[]) {
  const cells = listens.map(of)
  return {
    name,
    type: TYPE[type],
    nullable,
    // Statistics only for the time, the sort order: ranges of other columns would skip nothing.
    statistics: type === 'time',
    data: type === 'time' ? cells.map((seconds) => new Date(Math.round(Number(seconds) * 1000))) : cells,
  }
}

/**
 * Listens as a Parquet file: texts, doubles, booleans, and times in milliseconds (UTC), compressed
 * with Zstandard. Row groups are streamed, so the file may have any size.
 */
export async function* parquetOf(pages: AsyncIterable<readonly StoredListen[]>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter()
  // The library counts bytes of the whole file; only unsent bytes are kept.
  const take = () => {
    const taken = bytes.getBytes().slice()
    bytes.index = 0
    return taken
  }
  const columnsOf = (listens: readonly StoredListen[]) => COLUMNS.map((column) => columnOf(column, listens))
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
    codec: 'ZSTD',
    compressors: { ZSTD: zstdCompressSync },
    createdBy: 'Playhead',
  })
  let group: StoredListen[] = []
  const write = async () => {
    await writer.write({ columnData: columnsOf(group), rowGroupSize: ROW_GROUP })
    group = []
    return take()
  }
  for await (const listens of pages) {
    group.push(...listens)
    if (group.length >= ROW_GROUP) yield await write()
  }
  if (group.length > 0) yield await write()
  await writer.finish()
  yield take()
}
