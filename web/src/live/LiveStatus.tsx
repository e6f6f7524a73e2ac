import type { FeedState } from './live-feed.ts'

interface Props {
  feed: FeedState
  paused: boolean
  /** More listens arrive than the table can show one by one. */
  sampled: boolean
}

const TEXT: Record<FeedState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  disconnected: 'Disconnected',
}

/** Whether the page shows the current state. A lost connection is shown even while paused. */
export function LiveStatus({ feed, paused, sampled }: Props) {
  const shown = paused && feed === 'live' ? 'paused' : feed
  const sample = shown === 'live' && sampled
  return (
    <div
      className="live-status"
      data-state={shown}
      role="status"
      aria-label="Live feed"
      title={sample ? 'Too many listens arrive to show each one' : undefined}
    >
      <span className="live-dot" aria-hidden="true" />
      {shown === 'paused' ? 'Paused' : TEXT[shown]}
      {sample && <span>· a sample</span>}
    </div>
  )
}
