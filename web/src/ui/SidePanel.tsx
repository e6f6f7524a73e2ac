import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './Icon.tsx'

interface Props {
  title: string
  open: boolean
  onClose(): void
  /** Begins in the first field, where the panel is there to be typed into. */
  typing?: boolean
  children: ReactNode
}

/**
 * A panel over the side of the page. The browser's own modal dialog keeps the focus inside, closes on Escape and
 * gives the focus back; the content stays mounted, so what was typed is there when it is opened again.
 */
export function SidePanel({ title, open, onClose, typing = false, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    if (!open) return dialog.current?.close()
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>(typing ? 'input' : 'h2')?.focus()
  }, [open, typing])

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the panel closes it, as Escape does
    <dialog
      ref={dialog}
      className="side-panel"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="side-panel-body">
        <header className="side-panel-header">
          <h2 id={titleId} tabIndex={-1}>
            {title}
          </h2>
          <button
            type="button"
            className="btn btn-ghost-secondary btn-icon"
            aria-label="Close"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
