import { useId } from 'react'
import type { Completed } from './draft.ts'

interface Props {
  value: Completed
  onChange(value: Completed): void
  hint: string
}

const CHOICES: readonly { value: Completed; label: string }[] = [
  { value: 'auto', label: 'Auto' },
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
]

export function CompletedInput({ value, onChange, hint }: Props) {
  const id = useId()
  return (
    <fieldset className="field" aria-describedby={`${id}hint`}>
      <legend className="form-label">Completed</legend>
      <div className="form-selectgroup segmented">
        {CHOICES.map((choice) => (
          <label key={choice.value} className="form-selectgroup-item">
            <input
              type="radio"
              className="form-selectgroup-input"
              name={id}
              checked={value === choice.value}
              onChange={() => onChange(choice.value)}
            />
            <span className="form-selectgroup-label">{choice.label}</span>
          </label>
        ))}
      </div>
      <div id={`${id}hint`} className="field-note">
        {hint}
      </div>
    </fieldset>
  )
}
