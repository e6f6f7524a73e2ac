import { Combobox, ComboboxPopover, ComboboxProvider } from '@ariakit/react/combobox'
import { useId, useState } from 'react'
import { OptionRows } from '../ui/OptionRows.tsx'
import type { Option } from '../ui/option.ts'
import { FilterField, summary } from './FilterField.tsx'

interface Props {
  label: string
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
  text: string
  onText(text: string): void
  options: readonly Option[]
  /** Shown under the options. */
  note: string | undefined
  onOpen(): void
}

/** A filter with a long list of values: typing finds them, any number can be chosen. */
export function TypeAheadFilter({ label, chosen, onChange, text, onText, options, note, onOpen }: Props) {
  const chosenId = useId()
  const [focused, setFocused] = useState(false)
  return (
    <FilterField searched label={label} chosen={chosen.length > 0} onClear={() => onChange([])}>
      <ComboboxProvider
        value={text}
        setValue={onText}
        selectedValue={[...chosen]}
        setSelectedValue={onChange}
        setOpen={(open) => open && onOpen()}
        placement="bottom-start"
      >
        <Combobox
          // Enter takes the first value that was found.
          autoSelect
          className="form-control filter-control"
          aria-label={label}
          aria-describedby={chosen.length > 0 ? chosenId : undefined}
          placeholder={focused ? `Type to find ${label.toLowerCase()}` : summary(label, chosen)}
          title={chosen.join(', ')}
          spellCheck={false}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        />
        <ComboboxPopover className="option-popup" aria-label="Choices" gutter={4} fixed unmountOnHide>
          {/* What was searched for is found; a list that is only looked through stays open for the next. */}
          <OptionRows several options={options} note={note} hideOnClick={() => text !== ''} />
        </ComboboxPopover>
      </ComboboxProvider>
      <span id={chosenId} className="visually-hidden">
        Chosen: {chosen.join(', ')}
      </span>
    </FilterField>
  )
}
