import { useState } from 'react'
import { SORTS, type Sort } from '../view/view-state.ts'

export const DENSITIES = ['normal', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

/** How this viewer wants the table: kept in this browser, because a link should not change how others see it. */
export interface TableChoice {
  hidden: readonly Sort[]
  density: Density
}

const KEY = 'playhead-table'
const DEFAULT: TableChoice = { hidden: [], density: 'normal' }

function stored(): TableChoice {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>
    const hidden = Array.isArray(kept['hidden']) ? kept['hidden'] : []
    return {
      hidden: SORTS.filter((name) => hidden.includes(name)),
      density: DENSITIES.find((name) => name === kept['density']) ?? 'normal',
    }
  } catch {
    // Storage may be denied, or hold what another version wrote.
    return DEFAULT
  }
}

export function useTableChoice(): [TableChoice, (change: Partial<TableChoice>) => void] {
  const [choice, setChoice] = useState(stored)
  return [
    choice,
    (change) => {
      const next = { ...choice, ...change }
      setChoice(next)
      try {
        localStorage.setItem(KEY, JSON.stringify(next))
      } catch {
        // Storage may be denied: the choice then lasts as long as the page.
      }
    },
  ]
}
