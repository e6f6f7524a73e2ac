import { formatNewListens } from '../format/numbers.ts'
import { Icon } from '../ui/Icon.tsx'
import type { FeedState } from './live-feed.ts'

interface Props {
  feed: FeedState
  heldCount: number
  paused: boolean
  sampled: boolean
  onShowNew(): void
  onReconnect(): void
}

/** Notice over the table: listens that wait to be shown, and a lost connection. */
export function TableNotice({ feed, heldCount, paused, sampled, onShowNew, onReconnect }: Props) {
  return (
    <>
      {heldCount > 0 && !paused && (
        <button type="button" className="btn btn-primary btn-pill notice-new" onClick={onShowNew}>
          <Icon name="arrowUp" size={16} />
          {formatNewListens(heldCount)}
        </button>
      )}
      {sampled && !paused && feed === 'live' && (
        <p className="notice-sample" role="status">
          Too many listens arrive to show each one, so these rows are a sample. The figures count all listens.
        </p>
      )}
      {feed === 'disconnected' && (
        <div className="alert alert-danger notice-lost" role="alert">
          <Icon name="alert" />
          <div className="notice-lost-text">
            <strong>The connection to Playhead is lost.</strong> The page may be out of date. Check that the
            server runs. The page reconnects by itself.
          </div>
          <button type="button" className="btn" onClick={onReconnect}>
            Try now
          </button>
        </div>
      )}
    </>
  )
}
