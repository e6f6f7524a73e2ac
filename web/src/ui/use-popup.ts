import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

/** Opens a popup under a button. It closes on Escape, on a click outside and when the focus leaves it. */
export function usePopup<Box extends HTMLElement>() {
  const [open, setOpen] = useState(false)
  const box = useRef<Box>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const closeElsewhere = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    addEventListener('pointerdown', closeElsewhere)
    addEventListener('focusin', closeElsewhere)
    return () => {
      removeEventListener('pointerdown', closeElsewhere)
      removeEventListener('focusin', closeElsewhere)
    }
  }, [open])

  return {
    open,
    setOpen,
    /** For the element that contains the button and the popup. */
    box,
    id,
    /** Focusable, so that a click on its text or empty space leaves the focus inside. */
    popup: { id, tabIndex: -1 } as const,
    button: {
      ref: button,
      'aria-expanded': open,
      'aria-controls': open ? id : undefined,
      onClick: () => setOpen((before) => !before),
    } as const,
    onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || !open) return
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    },
    /** Closes the popup after a choice and returns the focus to the button. */
    close() {
      setOpen(false)
      button.current?.focus()
    },
  }
}
