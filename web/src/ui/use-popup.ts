import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

/** Something small that opens under a button, and closes on Escape, on a click elsewhere and when the focus leaves it. */
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
    /** For what holds both the button and what it opens. */
    box,
    id,
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
    /** After something in it was chosen. */
    close() {
      setOpen(false)
      button.current?.focus()
    },
  }
}
