import { useId, useState } from 'react'
import { OptionList } from '../ui/OptionList.tsx'
import type { Option } from '../ui/option.ts'
import { useOptionList } from '../ui/use-option-list.ts'
import { FilterField, summary } from './FilterField.tsx'

interface Props {
  label: string
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
  text: string
  onText(text: string): void
  options: readonly Option[]
  none: string
  onOpen(): void
}

/** A filter with a long list of values: typing finds them, any number can be chosen. */
export function TypeAheadFilter(props: Props) {
  const { label, chosen, onChange, text, onText, options } = props
  const chosenId = useId()
  const [focused, setFocused] = useState(false)
  const pick = (index: number) => {
    const value = options[index]?.value
    if (value === undefined) return
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value])
    // What was searched for is found; a list that is only looked through stays open for the next.
    if (text !== '') list.close()
    onText('')
  }
  const list = useOptionList({ count: options.length, onPick: pick, editable: true })

  function open(): void {
    props.onOpen()
    list.setOpen(true)
  }

  return (
    <FilterField searched label={label} chosen={chosen.length > 0} onClear={() => onChange([])}>
      <input
        {...list.control}
        type="text"
        className="form-control filter-control"
        aria-label={label}
        aria-autocomplete="list"
        aria-describedby={chosen.length > 0 ? chosenId : undefined}
        placeholder={focused ? `Type to find ${label.toLowerCase()}` : summary(label, chosen)}
        title={chosen.join(', ')}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          list.close()
          setFocused(false)
        }}
        onClick={open}
        onKeyDown={(event) => {
          props.onOpen()
          list.onKeyDown(event)
        }}
        onChange={(event) => {
          onText(event.target.value)
          open()
          list.setActive(event.target.value === '' ? -1 : 0)
        }}
      />
      <span id={chosenId} className="visually-hidden">
        Chosen: {chosen.join(', ')}
      </span>
      <OptionList list={list} options={options} onPick={pick} chosen={chosen} none={props.none} />
    </FilterField>
  )
}
