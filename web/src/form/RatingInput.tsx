import type { PointerEvent } from 'react'
import { formatRating } from '../format/numbers.ts'
import type { ControlProps } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'

interface Props {
  control: Omit<ControlProps, 'aria-required' | 'aria-invalid'>
  value: number | null
  onChange(value: number | null): void
}

/** One step below no stars: no rating at all. */
const NONE = -0.5

/** Stars to click on or to move over by arrow keys: a slider, of which the stars are the look. */
export function RatingInput({ control, value, onChange }: Props) {
  const set = (next: number) => onChange(next < 0 ? null : Math.min(5, next))

  function point(event: PointerEvent<HTMLInputElement>): void {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    // The stars' own box decides, as a slider's thumb would be half a star off.
    event.preventDefault()
    event.currentTarget.focus()
    const box = event.currentTarget.getBoundingClientRect()
    set(Math.ceil(((event.clientX - box.left) / box.width) * 10) / 2)
  }

  return (
    <div className="rating-input">
      <span className="rating-stars">
        <span
          className="stars stars-large"
          aria-hidden="true"
          style={{ '--filled': `${(value ?? 0) * 20}%` } as React.CSSProperties}
        />
        <input
          {...control}
          type="range"
          min={NONE}
          max={5}
          step={0.5}
          value={value ?? NONE}
          aria-valuetext={value === null ? 'No rating' : `${formatRating(value)} of 5`}
          onChange={(event) => set(event.target.valueAsNumber)}
          onPointerDown={point}
          onPointerMove={point}
        />
      </span>
      <span className="rating-value">{value === null ? 'No rating' : `${formatRating(value)} of 5`}</span>
      {value !== null && (
        <button
          type="button"
          className="rating-clear"
          aria-label="Clear rating"
          title="Clear rating"
          onClick={() => onChange(null)}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  )
}
