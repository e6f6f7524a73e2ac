// Asks DuckDB over Parquet the questions that ask-filters.ts asks a store; prints the same.
import { DuckDBInstance } from '@duckdb/node-api'
import type { Filter } from '../../src/questions/filter.ts'
import { duckdbWhere } from '../duckdb-where.ts'
import { answer, told } from '../script.ts'

const { parquet, filters } = told<{ parquet: string; filters: readonly Filter[] }>()
const connection = await (await DuckDBInstance.create(':memory:')).connect()
// Recommended by its documentation for repeated queries of one file.
await connection.run("SET enable_object_cache = true; SET TimeZone = 'UTC'")
const ask = async (where: string) => {
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER, approx_count_distinct(user_id), count(*) FILTER (is_skipped),
       count(*) FILTER (completed), sum(listen_position)
     FROM read_parquet('${parquet.replaceAll("'", "''")}') WHERE ${where}`,
  )
  return Number(reader.getRows()[0]?.[0] ?? 0)
}
await ask('true')
const milliseconds: number[] = []
const matched: number[] = []
for (const filter of filters) {
  const started = performance.now()
  matched.push(await ask(duckdbWhere(filter)))
  milliseconds.push(performance.now() - started)
}
answer({ milliseconds, matched })
