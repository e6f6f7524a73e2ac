import { type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import type { Store } from '../src/store/store.ts'

/** A store that answers every question from the rows alone, without rollups or caches. */
export async function openRawStore(path: string): Promise<Pick<Store, 'rows'>> {
  const connection = createChdbConnection({ path }) as unknown
  const client = createClient({ connection } as ClickHouseClientConfigOptions)
  await client.command({ query: 'USE playhead' })
  await client.command({ query: 'SET optimize_use_projections = 0' })
  await client.command({ query: 'SET optimize_use_implicit_projections = 0' })
  return {
    async rows<Row extends readonly unknown[]>(sql: string, { params }: Parameters<Store['rows']>[1] = {}) {
      const result = await client.query({
        query: `${sql}\nSETTINGS max_execution_time = 300, output_format_json_quote_64bit_integers = 0`,
        format: 'JSONCompactEachRow',
        ...(params === undefined ? {} : { query_params: params }),
      })
      return (await result.json()) as Row[]
    },
  }
}
