import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** The place in the header for content of the current page. */
export const HeaderSlot = createContext<HTMLElement | null>(null)

/** Puts its children into the header, as long as the page is shown. */
export function InHeader({ children }: { children: ReactNode }) {
  const slot = useContext(HeaderSlot)
  return slot && createPortal(children, slot)
}
