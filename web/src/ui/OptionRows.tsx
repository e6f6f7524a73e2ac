import { ComboboxItem, type ComboboxItemProps } from '@ariakit/react/combobox'
import type { KeyboardEvent } from 'react'
import { Icon } from './Icon.tsx'
import type { Option } from './option.ts'

interface Props extends Pick<ComboboxItemProps, 'hideOnClick' | 'setValueOnClick' | 'selectValueOnClick'> {
  options: readonly Option[]
  /** Whether several can be chosen, so that each has a box to tick. */
  several?: boolean
  /** A last row that cannot be chosen: that there are none, or more. */
  note?: string | undefined
  onPick?(option: Option): void
}

/**
 * Keeps Escape on the active option from closing the list: the control gets the same key, and a panel around the list
 * must not take it for one that is pressed after the list was closed.
 */
function leaveToControl(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.stopPropagation()
}

/** The options in the popup of a combobox. */
export function OptionRows({ options, several = false, note, onPick, ...item }: Props) {
  return (
    <>
      {options.map((option) => (
        <ComboboxItem
          key={option.value}
          {...item}
          value={option.value}
          className="option"
          aria-description={option.detail}
          onClick={onPick && (() => onPick(option))}
          onKeyDown={leaveToControl}
        >
          {several && (
            <span className="option-check">
              <Icon name="check" size={12} />
            </span>
          )}
          <span className="clipped">{option.drawn ?? option.text}</span>
          {option.detail !== undefined && (
            <span aria-hidden="true" className="option-detail">
              {option.detail}
            </span>
          )}
        </ComboboxItem>
      ))}
      {note !== undefined && (
        <ComboboxItem disabled className="option-note">
          {note}
        </ComboboxItem>
      )}
    </>
  )
}
