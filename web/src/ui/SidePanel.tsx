import { Dialog, DialogDismiss } from '@ariakit/react/dialog'
import { type ReactNode, useId, useRef } from 'react'
import { Icon } from './Icon.tsx'

interface Props {
  title: string
  open: boolean
  onClose(): void
  /** Begins in the first field, where the panel is there to be typed into. */
  typing?: boolean
  children: ReactNode
}

/** A panel over the side of the page. Its content stays mounted while it is closed, with everything typed. */
export function SidePanel({ title, open, onClose, typing = false, children }: Props) {
  const panel = useRef<HTMLDivElement>(null)
  const titleId = useId()
  return (
    <Dialog
      ref={panel}
      open={open}
      onClose={onClose}
      className="side-panel"
      aria-labelledby={titleId}
      backdrop={<div className="side-panel-backdrop" />}
      autoFocusOnShow={() => {
        panel.current?.querySelector<HTMLElement>(typing ? 'input' : 'h2')?.focus()
        return false
      }}
    >
      <header className="side-panel-header">
        <h2 id={titleId} tabIndex={-1}>
          {title}
        </h2>
        <DialogDismiss className="btn btn-ghost-secondary btn-icon" aria-label="Close">
          <Icon name="close" />
        </DialogDismiss>
      </header>
      {children}
    </Dialog>
  )
}
