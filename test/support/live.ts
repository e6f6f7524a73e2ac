import type { StoredListen } from '../../src/listen/stored.ts'
import { until } from './until.ts'

export interface LiveMessage {
  id: string | null
  event: string
  data: { listens?: StoredListen[]; stored?: number; sampled?: boolean; missed?: number }
}

/** A reader of the live feed that parses server-sent events by their specification. */
export interface LiveReader {
  readonly messages: LiveMessage[]
  /** Everything received, including comments. */
  text(): string
  /** All listens received so far. */
  listens(): StoredListen[]
  close(): void
}

/** Follows `/api/live` and waits for its greeting. */
export async function followLive(url: string, query = '', lastEventId?: string): Promise<LiveReader> {
  const stop = new AbortController()
  const response = await fetch(`${url}/api/live?${query}`, {
    signal: stop.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  })
  if (!response.ok || response.body === null) throw new Error(`live feed: ${response.status}`)
  const messages: LiveMessage[] = []
  let text = ''
  let rest = ''
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      const chunk = decoder.decode(bytes, { stream: true })
      text += chunk
      rest += chunk
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const field = (name: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2)
        const name = field('event')
        if (name !== undefined)
          messages.push({ id: field('id') ?? null, event: name, data: JSON.parse(field('data') ?? '{}') })
      }
    }
  }
  // Either side may end the feed; only the received data matters.
  read(response.body).catch(() => {})
  await until('the feed greets', () => messages.some(({ event }) => event === 'hello'))
  return {
    messages,
    text: () => text,
    listens: () => messages.flatMap(({ data }) => data.listens ?? []),
    close: () => stop.abort(),
  }
}
