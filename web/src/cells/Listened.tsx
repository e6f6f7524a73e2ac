import { formatShare } from '../format/numbers.ts'

/** How much of the track was played: a bar and the number. */
export function Listened({ percent, completed }: { percent: number; completed: boolean }) {
  return (
    <span className="listened">
      <progress
        className="listened-bar"
        data-completed={completed || undefined}
        aria-label="Listened"
        value={percent}
        max={100}
      />
      <span className="listened-number">{formatShare(percent / 100)}</span>
    </span>
  )
}
