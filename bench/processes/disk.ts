// Merges a store and writes its listens as Parquet; prints the bytes of both, and of each column,
// index and rollup.
import { stat } from 'node:fs/promises'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { parquetSql } from '../parquet.ts'
import { answer, told } from '../script.ts'

const { path, parquet } = told<{ path: string; parquet: string }>()
const store = await openEmbeddedStore(path)
await store.run('OPTIMIZE TABLE listens FINAL')
const [row] = await store.rows<[number, number]>(
  `SELECT sum(rows), sum(bytes_on_disk) FROM system.parts
   WHERE database = currentDatabase() AND table = 'listens' AND active`,
)
const [listens = 0, bytes = 0] = row ?? []
const columns = await store.rows<[string, number]>(
  `SELECT column, round(sum(column_data_compressed_bytes) / sum(rows), 2) AS bytes FROM system.parts_columns
   WHERE database = currentDatabase() AND table = 'listens' AND active GROUP BY column ORDER BY bytes DESC`,
)
const beside = await store.rows<[string, number]>(
  `SELECT name, round(sum(bytes) / ${listens}, 2) FROM (
     SELECT name, data_compressed_bytes AS bytes FROM system.data_skipping_indices
     WHERE database = currentDatabase() AND table = 'listens'
     UNION ALL SELECT name, bytes_on_disk FROM system.projection_parts
     WHERE database = currentDatabase() AND table = 'listens' AND active)
   GROUP BY name ORDER BY sum(bytes) DESC`,
)
await store.run(parquetSql(parquet))
answer({
  listens,
  bytes,
  parquetBytes: (await stat(parquet)).size,
  columns: Object.fromEntries([...columns, ...beside]),
})
