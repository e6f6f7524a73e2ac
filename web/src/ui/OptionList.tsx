import { Icon } from './Icon.tsx'
import type { Option } from './option.ts'
import type { OptionListState } from './use-option-list.ts'

interface Props {
  list: OptionListState
  options: readonly Option[]
  onPick(index: number): void
  /** The chosen values, if several can be chosen. */
  chosen?: readonly string[]
  /** Shown if there are no options. */
  none: string
}

/** Scrolls the list into view when it opens beyond the edge of a scrolling panel. */
const showWhole = (popup: HTMLElement | null) => popup?.scrollIntoView({ block: 'nearest' })

/** The options under a combobox. The focus stays in the control, so the control handles the keys. */
export function OptionList({ list, options, onPick, chosen, none }: Props) {
  if (!list.open) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click must not blur the control, which would close the list
    <div className="option-popup" ref={showWhole} onMouseDown={(event) => event.preventDefault()}>
      <div
        role="listbox"
        id={list.listId}
        aria-label="Choices"
        aria-multiselectable={chosen !== undefined}
        // The control has the focus and handles the keys.
        tabIndex={-1}
        className="option-list"
      >
        {options.map((option, index) => {
          const selected = chosen ? chosen.includes(option.value) : index === list.active
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled in the control
            // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points here instead
            <div
              key={option.value}
              role="option"
              id={list.optionId(index)}
              aria-selected={selected}
              aria-description={option.detail}
              className="option"
              data-active={index === list.active || undefined}
              onClick={() => onPick(index)}
            >
              {chosen && (
                <span className="option-check" data-checked={selected || undefined}>
                  {selected && <Icon name="check" size={12} />}
                </span>
              )}
              <span className="clipped">{option.drawn ?? option.text}</span>
              {option.detail !== undefined && (
                <span aria-hidden="true" className="option-detail">
                  {option.detail}
                </span>
              )}
            </div>
          )
        })}
      </div>
      {options.length === 0 && (
        <p className="option-none" role="status">
          {none}
        </p>
      )}
    </div>
  )
}
