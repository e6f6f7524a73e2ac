import { Popover, PopoverDisclosure, PopoverProvider } from '@ariakit/react/popover'
import { type FormEvent, useId, useState } from 'react'
import { addDays, dayOf, isDay } from '../../../src/calendar/day.ts'
import { Icon } from '../ui/Icon.tsx'
import { PRESETS, type Range } from '../view/range.ts'
import { PRESET_NAME, rangeName } from './range-names.ts'

interface Choice {
  range: Range
  zone: string
  onChange(range: Range): void
}

interface Props extends Choice {
  /** Where something else says which range it is, such as a chip. */
  compact?: boolean
}

/** Chooses a time range: relative to now, or any days. */
export function RangePicker({ range, zone, onChange, compact = false }: Props) {
  const [open, setOpen] = useState(false)
  function choose(chosen: Range): void {
    onChange(chosen)
    setOpen(false)
  }
  return (
    <PopoverProvider open={open} setOpen={setOpen} placement={compact ? 'bottom-end' : 'bottom-start'}>
      <PopoverDisclosure
        className={compact ? 'btn btn-icon' : 'btn range-button'}
        title={compact ? 'Range' : undefined}
      >
        <Icon name="calendar" size={16} />
        <span className="visually-hidden">Range: {compact && rangeName(range, zone)}</span>
        {!compact && (
          <>
            {rangeName(range, zone)}
            <Icon name="chevron" size={14} />
          </>
        )}
      </PopoverDisclosure>
      <Popover className="popup range-popup" aria-label="Range" gutter={4} unmountOnHide>
        <ul className="range-presets" aria-label="Ranges">
          {PRESETS.map((preset) => (
            <li key={preset}>
              <button
                type="button"
                className="menu-item"
                aria-pressed={range === preset}
                onClick={() => choose(preset)}
              >
                {PRESET_NAME[preset]}
              </button>
            </li>
          ))}
        </ul>
        <AnyDays range={range} zone={zone} onChange={choose} />
      </Popover>
    </PopoverProvider>
  )
}

/** Days of a range, as the initial values of the date fields. */
function daysOf(range: Range, today: string): { from: string; to: string } {
  if (typeof range === 'string') return { from: addDays(today, -6), to: today }
  return isDay(range.from) ? range : { from: range.from.slice(0, 10), to: range.to.slice(0, 10) }
}

function AnyDays({ range, zone, onChange }: Choice) {
  const id = useId()
  const today = dayOf(Date.now(), zone)
  const [days, setDays] = useState(() => daysOf(range, today))
  const backwards = days.from > days.to
  const complete = isDay(days.from) && isDay(days.to) && !backwards

  function apply(event: FormEvent): void {
    event.preventDefault()
    if (complete) onChange(days)
  }

  return (
    <form className="range-days" onSubmit={apply} aria-label="Any days">
      <label className="form-label" htmlFor={`${id}from`}>
        From
      </label>
      <input
        id={`${id}from`}
        type="date"
        className="form-control"
        max={today}
        value={days.from}
        onChange={(event) => setDays({ ...days, from: event.target.value })}
      />
      <label className="form-label" htmlFor={`${id}to`}>
        To (included)
      </label>
      <input
        id={`${id}to`}
        type="date"
        className="form-control"
        max={today}
        value={days.to}
        aria-invalid={backwards}
        onChange={(event) => setDays({ ...days, to: event.target.value })}
      />
      <p className="range-note" aria-live="polite">
        {backwards && 'The end is before the start.'}
      </p>
      <button type="submit" className="btn btn-primary w-100" aria-disabled={!complete}>
        Show these days
      </button>
    </form>
  )
}
