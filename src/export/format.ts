import type { StoredListen } from '../listen/stored.ts'
import { csvOf } from './csv.ts'
import { jsonLinesOf } from './json-lines.ts'
import { parquetOf } from './parquet.ts'

interface Kind {
  contentType: string
  /** Pages of listens as the pieces of a file. */
  encode: (pages: AsyncIterable<readonly StoredListen[]>) => AsyncGenerator<string | Uint8Array>
}

/** What listens can be exported as; the names are the files' endings too. */
export const FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8', encode: csvOf },
  jsonl: { contentType: 'application/x-ndjson', encode: jsonLinesOf },
  parquet: { contentType: 'application/vnd.apache.parquet', encode: parquetOf },
} as const satisfies Record<string, Kind>

export type Format = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as Format[]
