import type { LiveBatch, LiveGap } from '../api/answers.ts'

/** `reconnecting`: lost a moment ago, the browser is at it. `disconnected`: it has been a while, so say it. */
export type FeedState = 'connecting' | 'live' | 'reconnecting' | 'disconnected'

export interface LiveFeed {
  retryNow(): void
  close(): void
}

interface Handlers {
  onState(state: FeedState): void
  onBatch(batch: LiveBatch): void
  /** The feed begins, or cannot say what came in a break: so many listens (as far as is known) are not in it. */
  onMissed(count: number): void
}

const DISCONNECTED_AFTER_MS = 6_000
const REOPEN_MS = [1_000, 2_000, 4_000, 8_000]

/**
 * The live feed, for as long as it is wanted. While the server is merely unreachable the browser reconnects by
 * itself and says where it was (Last-Event-ID); where it gives up (an error answer), this opens a new one.
 */
export function openLiveFeed(url: string, handlers: Handlers): LiveFeed {
  let source: EventSource | undefined
  let reopen: ReturnType<typeof setTimeout> | undefined
  let patience: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let closed = false

  function lost(): void {
    if (patience !== undefined || closed) return
    handlers.onState('reconnecting')
    patience = setTimeout(() => handlers.onState('disconnected'), DISCONNECTED_AFTER_MS)
  }

  function found(): void {
    clearTimeout(patience)
    patience = undefined
    attempts = 0
    handlers.onState('live')
  }

  function open(): void {
    clearTimeout(reopen)
    source?.close()
    const opened = new EventSource(url)
    source = opened
    opened.addEventListener('hello', () => {
      found()
      // Whatever was stored between the table's answer and this moment is in neither; after a break the server
      // sends what was missed, and what it sends twice is dropped by id.
      handlers.onMissed(0)
    })
    opened.addEventListener('listens', (event) => handlers.onBatch(JSON.parse(event.data) as LiveBatch))
    opened.addEventListener('gap', (event) => handlers.onMissed((JSON.parse(event.data) as LiveGap).missed))
    opened.addEventListener('error', () => {
      lost()
      if (opened.readyState !== EventSource.CLOSED || closed) return
      reopen = setTimeout(open, REOPEN_MS[Math.min(attempts, REOPEN_MS.length - 1)])
      attempts += 1
    })
  }

  open()
  return {
    retryNow: open,
    close() {
      closed = true
      clearTimeout(reopen)
      clearTimeout(patience)
      source?.close()
    },
  }
}
