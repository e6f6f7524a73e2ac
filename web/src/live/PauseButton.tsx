import { formatCount } from '../format/numbers.ts'
import { Icon } from '../ui/Icon.tsx'

interface Props {
  paused: boolean
  heldCount: number
  onPause(): void
  onCatchUp(): void
}

/** Pauses the table; new listens are counted and shown on resume. */
export function PauseButton({ paused, heldCount, onPause, onCatchUp }: Props) {
  return paused ? (
    <button type="button" className="btn btn-primary pause-button" data-paused="true" onClick={onCatchUp}>
      <Icon name="forward" />
      <span className="pause-word">Catch up</span>
      {heldCount > 0 && <span className="pause-count">{formatCount(heldCount)} new</span>}
    </button>
  ) : (
    <button type="button" className="btn pause-button" onClick={onPause}>
      <Icon name="pause" />
      <span className="pause-word">Pause</span>
    </button>
  )
}
