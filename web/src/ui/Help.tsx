import { Icon } from './Icon.tsx'
import { usePopup } from './use-popup.ts'

/** A question mark that opens an explanation of how a figure is computed. */
export function Help({ about, children }: { about: string; children: string }) {
  const popup = usePopup<HTMLSpanElement>()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the popup from anywhere inside
    <span className="popup-box" ref={popup.box} onKeyDown={popup.onKeyDown}>
      <button
        type="button"
        className="frame-button help-button"
        aria-label={`How ${about} is computed`}
        title="How this is computed"
        {...popup.button}
      >
        <Icon name="help" size={16} />
      </button>
      {popup.open && (
        <span {...popup.popup} role="note" className="popup help-text">
          {children}
        </span>
      )}
    </span>
  )
}
