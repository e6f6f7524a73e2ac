import type { ReactNode } from 'react'
import { formatCount } from '../format/numbers.ts'
import { Icon } from '../ui/Icon.tsx'

interface Props {
  label: string
  chosen: boolean
  /** Whether its values are found by typing. */
  searched?: boolean
  onClear(): void
  children: ReactNode
}

/** Frame of one filter: shows whether it is in use and clears it. */
export function FilterField({ label, chosen, searched = false, onClear, children }: Props) {
  return (
    <div className="filter-field" data-chosen={chosen || undefined}>
      {children}
      {searched && !chosen && (
        <span className="filter-mark">
          <Icon name="search" size={14} />
        </span>
      )}
      {chosen && (
        <button
          type="button"
          className="filter-clear"
          aria-label={`Clear ${label.toLowerCase()}`}
          title={`Clear ${label.toLowerCase()}`}
          onClick={onClear}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  )
}

/** Summary of a closed filter. */
export function summary(label: string, chosen: readonly string[]): string {
  if (chosen.length === 0) return label
  return chosen.length === 1 ? `${label}: ${chosen[0]}` : `${label} (${formatCount(chosen.length)})`
}
