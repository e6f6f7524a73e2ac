import { type ReactNode, useId } from 'react'

export interface ControlProps {
  id: string
  'aria-describedby': string
  'aria-invalid': boolean
  'aria-required': boolean
}

interface Props {
  label: string
  hint?: ReactNode
  error: string | undefined
  required?: boolean
  wide?: boolean
  children(control: ControlProps): ReactNode
}

/** A labelled control with one line under it that is always there: for the hint, or for what is wrong. */
export function Field({ label, hint, error, required = true, wide = false, children }: Props) {
  const id = useId()
  const noteId = `${id}note`
  return (
    <div className={wide ? 'field field-wide' : 'field'} data-invalid={error !== undefined || undefined}>
      <label className="form-label" htmlFor={id}>
        {label}
        {!required && (
          <span aria-hidden="true" className="form-label-description">
            optional
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': noteId,
        'aria-invalid': error !== undefined,
        'aria-required': required,
      })}
      <div id={noteId} className="field-note" aria-live="polite">
        {error ?? hint}
      </div>
    </div>
  )
}
