import type { StoredListen } from '../listen/stored.ts'
import { COLUMNS } from './columns.ts'
import { csvCell } from './csv-cell.ts'

const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`

/** Listens as CSV (RFC 4180) with a header; times are seconds since 1970. */
export async function* csvOf(pages: AsyncIterable<readonly StoredListen[]>): AsyncGenerator<string> {
  yield line(COLUMNS.map(({ name }) => name))
  for await (const listens of pages)
    yield listens.map((listen) => line(COLUMNS.map(({ of }) => csvCell(of(listen))))).join('')
}
