import { type KeyboardEvent, useEffect, useId, useState } from 'react'

interface Settings {
  count: number
  onPick(index: number): void
  /** Whether the keys also write text, so that Home, End and the space bar belong to the text. */
  editable: boolean
}

/**
 * The keyboard and state of a list of options under a control that keeps the focus: the WAI-ARIA combobox pattern,
 * for one that is typed into and for one that only selects.
 */
export function useOptionList({ count, onPick, editable }: Settings) {
  const id = useId()
  const listId = `${id}list`
  const [open, setOpen] = useState(false)
  const [wanted, setActive] = useState(-1)
  const active = Math.min(wanted, count - 1)
  const optionId = (index: number) => `${id}option${index}`
  const activeId = open && active >= 0 ? optionId(active) : undefined

  useEffect(() => {
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])

  function close(): void {
    setOpen(false)
    setActive(-1)
  }

  function move(to: number): void {
    setOpen(true)
    setActive(count === 0 ? -1 : (to + count) % count)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const used = () => event.preventDefault()
    if (event.key === 'ArrowDown') {
      used()
      move(open ? active + 1 : Math.max(active, 0))
    } else if (event.key === 'ArrowUp') {
      used()
      move(active <= 0 ? count - 1 : active - 1)
    } else if (event.key === 'Enter' || (event.key === ' ' && !editable)) {
      if (open && active >= 0) {
        used()
        onPick(active)
      } else if (!editable) {
        used()
        move(0)
      }
    } else if (event.key === 'Escape' && open) {
      // Closes this list only, not the panel it may stand in.
      used()
      event.stopPropagation()
      close()
    } else if (!editable && open && event.key === 'Home') {
      used()
      move(0)
    } else if (!editable && open && event.key === 'End') {
      used()
      move(count - 1)
    }
  }

  return {
    open,
    active,
    listId,
    optionId,
    setOpen,
    setActive,
    close,
    onKeyDown,
    control: {
      role: 'combobox',
      'aria-expanded': open,
      'aria-controls': listId,
      'aria-activedescendant': activeId,
    } as const,
  }
}

export type OptionListState = ReturnType<typeof useOptionList>
