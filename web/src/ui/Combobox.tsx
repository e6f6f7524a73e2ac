import { OptionList } from './OptionList.tsx'
import type { Option } from './option.ts'
import { useOptionList } from './use-option-list.ts'

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
  // A single suggestion that says what is written already would only be in the way.
  const offered = options.length === 1 && options[0]?.text === value && !options[0].detail ? [] : options
  const pick = (index: number) => {
    const option = offered[index]
    if (!option) return
    onPick(option)
    list.close()
  }
  const list = useOptionList({ count: offered.length, onPick: pick, editable: true })
  return (
    <div className="combobox">
      <input
        {...control}
        {...list.control}
        role="combobox"
        aria-controls={list.listId}
        aria-expanded={list.open && offered.length > 0}
        type="text"
        className="form-control"
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onClick={() => list.setOpen(true)}
        onKeyDown={list.onKeyDown}
        onChange={(event) => {
          onChange(event.target.value)
          list.setOpen(true)
          list.setActive(-1)
        }}
        onBlur={() => {
          list.close()
          onLeave()
        }}
      />
      {offered.length > 0 && <OptionList list={list} options={offered} onPick={pick} none="" />}
    </div>
  )
}
