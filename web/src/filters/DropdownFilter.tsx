import { ComboboxPopover, ComboboxProvider, ComboboxSelect } from '@ariakit/react/combobox'
import { OptionRows } from '../ui/OptionRows.tsx'
import type { Option } from '../ui/option.ts'
import { FilterField, summary } from './FilterField.tsx'

interface Props {
  label: string
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
  options: readonly Option[]
  /** Shown under the options. */
  note?: string | undefined
  onOpen?(): void
}

/** A filter with a short list of values; any number can be chosen. */
export function DropdownFilter({ label, chosen, onChange, options, note, onOpen }: Props) {
  const names = chosen.map((value) => options.find((option) => option.value === value)?.text ?? value)
  return (
    <FilterField label={label} chosen={chosen.length > 0} onClear={() => onChange([])}>
      <ComboboxProvider
        selectedValue={[...chosen]}
        setSelectedValue={onChange}
        setOpen={(open) => open && onOpen?.()}
        placement="bottom-start"
      >
        <ComboboxSelect
          className="form-select filter-control text-start"
          aria-label={label}
          title={names.join(', ')}
          // Letters and arrows choose nothing while the list is closed.
          moveOnKeyDown={false}
        >
          <span className="clipped">{summary(label, names)}</span>
        </ComboboxSelect>
        <ComboboxPopover className="option-popup" aria-label="Choices" gutter={4} fixed unmountOnHide>
          <OptionRows several options={options} note={note} />
        </ComboboxPopover>
      </ComboboxProvider>
    </FilterField>
  )
}
