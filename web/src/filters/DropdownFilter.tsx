import { type KeyboardEvent, useRef } from 'react'
import { OptionList } from '../ui/OptionList.tsx'
import type { Option } from '../ui/option.ts'
import { useOptionList } from '../ui/use-option-list.ts'
import { FilterField, summary } from './FilterField.tsx'

interface Props {
  label: string
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
  options: readonly Option[]
  none: string
  onOpen?(): void
}

const TYPED_TOGETHER_MS = 600

/** A filter with a short list of values; any number can be chosen. */
export function DropdownFilter({ label, chosen, onChange, options, none, onOpen }: Props) {
  const typed = useRef({ text: '', at: 0 })
  const pick = (index: number) => {
    const value = options[index]?.value
    if (value === undefined) return
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value])
  }
  const list = useOptionList({ count: options.length, onPick: pick, editable: false })
  const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? value

  /** Letters go to the next option that begins with them, as in every native list. */
  function findTyped(event: KeyboardEvent): void {
    if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return
    const recent = event.timeStamp - typed.current.at < TYPED_TOGETHER_MS
    const text = ((recent ? typed.current.text : '') + event.key).toLowerCase()
    typed.current = { text, at: event.timeStamp }
    const found = options.findIndex((option) => option.text.toLowerCase().startsWith(text))
    list.setOpen(true)
    if (found >= 0) list.setActive(found)
  }

  return (
    <FilterField label={label} chosen={chosen.length > 0} onClear={() => onChange([])}>
      <button
        {...list.control}
        type="button"
        className="form-select filter-control text-start"
        aria-label={label}
        aria-haspopup="listbox"
        title={chosen.map(textOf).join(', ')}
        onClick={() => {
          onOpen?.()
          if (list.open) list.close()
          else list.setOpen(true)
        }}
        onBlur={list.close}
        onKeyDown={(event) => {
          onOpen?.()
          list.onKeyDown(event)
          findTyped(event)
        }}
      >
        <span className="clipped">{summary(label, chosen.map(textOf))}</span>
      </button>
      <OptionList list={list} options={options} onPick={pick} chosen={chosen} none={none} />
    </FilterField>
  )
}
