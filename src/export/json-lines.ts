import type { StoredListen } from '../listen/stored.ts'

/** Listens as JSON Lines, each in the format of the API. */
export async function* jsonLinesOf(pages: AsyncIterable<readonly StoredListen[]>): AsyncGenerator<string> {
  for await (const listens of pages) yield listens.map((listen) => `${JSON.stringify(listen)}\n`).join('')
}
