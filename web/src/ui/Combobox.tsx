import { ComboboxPopover, ComboboxProvider, Combobox as Input } from '@ariakit/react/combobox'
import { type KeyboardEvent, useState } from 'react'
import { OptionRows } from './OptionRows.tsx'
import type { Option } from './option.ts'

interface Props {
  id: string
  'aria-describedby': string
  'aria-invalid': boolean
  'aria-required': boolean
  value: string
  maxLength: number
  options: readonly Option[]
  onChange(text: string): void
  onPick(option: Option): void
  onLeave(): void
}

/** Text that may be anything, with suggestions. */
export function Combobox({ value, options, onChange, onPick, onLeave, ...control }: Props) {
  const [wanted, setWanted] = useState(false)
  // A single suggestion that says what is written already would only be in the way.
  const offered = options.length === 1 && options[0]?.text === value && !options[0].detail ? [] : options
  const open = wanted && offered.length > 0

  /** Enter sends the form also while suggestions are open, unless it picks one of them. */
  function submit(event: KeyboardEvent<HTMLInputElement>): void {
    const input = event.currentTarget
    if (event.key === 'Enter' && open && !input.hasAttribute('aria-activedescendant'))
      input.form?.requestSubmit()
  }

  return (
    <ComboboxProvider
      value={value}
      setValue={onChange}
      open={open}
      setOpen={setWanted}
      placement="bottom-start"
    >
      <Input {...control} className="form-control" spellCheck={false} onKeyDown={submit} onBlur={onLeave} />
      <ComboboxPopover className="option-popup" aria-label="Choices" gutter={4} fixed unmountOnHide>
        <OptionRows options={offered} setValueOnClick={false} selectValueOnClick={false} onPick={onPick} />
      </ComboboxPopover>
    </ComboboxProvider>
  )
}
