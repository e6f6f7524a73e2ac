import { type KeyboardEvent, useEffect, useRef } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import { usePopup } from './use-popup.ts'

export interface MenuItem {
  name: string
  icon: IconName
  run(): void
}

interface Props {
  label: string
  items: readonly MenuItem[]
}

/** A button that opens a menu of actions (the WAI-ARIA menu button pattern). */
export function Menu({ label, items }: Props) {
  const popup = usePopup<HTMLDivElement>()
  const list = useRef<HTMLDivElement>(null)
  const { open } = popup

  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus()
  }, [open])

  function move(event: KeyboardEvent): void {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    buttons.at(to % buttons.length)?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the popup from anywhere inside
    <div className="popup-box" ref={popup.box} onKeyDown={popup.onKeyDown}>
      <button
        type="button"
        className="frame-button"
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        {...popup.button}
      >
        <Icon name="more" />
      </button>
      {open && (
        <div
          ref={list}
          {...popup.popup}
          role="menu"
          aria-label={label}
          className="popup menu"
          onKeyDown={move}
        >
          {items.map(({ name, icon, run }) => (
            <button
              key={name}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="menu-item"
              onClick={() => {
                popup.close()
                run()
              }}
            >
              <Icon name={icon} size={16} />
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
