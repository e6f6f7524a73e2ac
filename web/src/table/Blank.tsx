import type { ReactNode } from 'react'
import { Icon } from '../ui/Icon.tsx'

interface Props {
  icon: 'music' | 'search' | 'alert'
  title: string
  children: ReactNode
  action?: ReactNode
  /** Interrupts a screen reader only where something went wrong. */
  alert?: boolean
}

/** What stands in a table without rows: why, and what to do. */
export function Blank({ icon, title, children, action, alert = false }: Props) {
  return (
    <div className="blank" role={alert ? 'alert' : 'status'}>
      <div className="blank-icon">
        <Icon name={icon} size={28} />
      </div>
      <p className="blank-title">{title}</p>
      <p className="blank-text">{children}</p>
      {action}
    </div>
  )
}
